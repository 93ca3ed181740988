package dev.tandem.model.engine;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The total time an engine spends in each kind of operation; used only by the engine's thread. */
public final class OperationTimes {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, Long> nanos = new TreeMap<>();

    /** Adds one run of an operation, under its name in the engine's library. */
    public void add(String operation, long durationNanos) {
        nanos.merge(operation, durationNanos, Long::sum);
    }

    /** Total milliseconds by operation, the longest first. */
    public Map<String, Double> millis() {
        Map<String, Double> millis = new LinkedHashMap<>();
        nanos.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> millis.put(entry.getKey(), entry.getValue() / NANOS_PER_MILLI));
        return millis;
    }

    /** Sets all times to zero. */
    public void reset() {
        nanos.clear();
    }
}
