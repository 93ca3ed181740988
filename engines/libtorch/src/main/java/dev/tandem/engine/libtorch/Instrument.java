package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.OperationTimes;
import java.util.Optional;

/** Measures the times of operations, if there is a collector for them. */
record Instrument(Optional<OperationTimes> times) {

    void measure(String operation, Runnable runnable) {
        if (times.isEmpty()) {
            runnable.run();
            return;
        }
        long start = System.nanoTime();
        runnable.run();
        times.get().add(operation, System.nanoTime() - start);
    }
}
