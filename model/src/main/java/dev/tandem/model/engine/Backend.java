package dev.tandem.model.engine;

/** What all engines have in common: a library that was opened on a device. */
public interface Backend extends AutoCloseable {

    /** Name of the engine, for instance {@code nd4j}. */
    String name();

    /** Description of the device, for messages. */
    String device();

    /** Memory outside the heap that the engine has allocated, in bytes; any thread may call this. */
    long bytes();

    @Override
    void close();
}
