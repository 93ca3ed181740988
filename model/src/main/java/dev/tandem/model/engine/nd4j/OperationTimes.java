package dev.tandem.model.engine.nd4j;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How long each kind of native operation took in all; for an engine's own thread. */
public final class OperationTimes {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, Long> nanos = new TreeMap<>();

    /** Milliseconds by the library's name of the operation, the longest first. */
    public Map<String, Double> millis() {
        Map<String, Double> millis = new LinkedHashMap<>();
        nanos.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> millis.put(entry.getKey(), entry.getValue() / NANOS_PER_MILLI));
        return millis;
    }

    /** Begins anew. */
    public void forget() {
        nanos.clear();
    }

    Runnable timed(Runnable work) {
        String name = NativeCall.nameOf(work);
        return () -> {
            long start = System.nanoTime();
            work.run();
            nanos.merge(name, System.nanoTime() - start, Long::sum);
        };
    }
}
