package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.OperationTimes;

/** Measures native operations as they run. */
record TimedOperations(OperationTimes times) {

    Runnable timed(Runnable operation) {
        String name = NativeCall.nameOf(operation);
        return () -> {
            long start = System.nanoTime();
            operation.run();
            times.add(name, System.nanoTime() - start);
        };
    }
}
