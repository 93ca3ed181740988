package dev.tandem.engine.nd4j;

/** A native operation bound to its arrays, by the library's name for it. */
record NativeCall(String name, Runnable work) implements Runnable {
    static String nameOf(Runnable work) {
        return work instanceof NativeCall call ? call.name() : "other";
    }

    @Override
    public void run() {
        work.run();
    }
}
