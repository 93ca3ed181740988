package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.OperationTimes;

/** Measures the time of native operations. */
record OperationTimer(OperationTimes times) {

    /** The same operation, with its time measured at each run. */
    Runnable timed(Runnable operation) {
        String name = NativeCall.nameOf(operation);
        return () -> {
            long start = System.nanoTime();
            operation.run();
            times.add(name, System.nanoTime() - start);
        };
    }
}
