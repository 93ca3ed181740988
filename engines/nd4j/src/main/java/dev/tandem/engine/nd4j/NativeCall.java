package dev.tandem.engine.nd4j;

/**
 * A native operation that is bound to its arrays.
 *
 * @param name the name of the operation in measurements
 */
record NativeCall(String name, Runnable operation) implements Runnable {

    static String nameOf(Runnable operation) {
        return operation instanceof NativeCall call ? call.name() : "other";
    }

    @Override
    public void run() {
        operation.run();
    }
}
