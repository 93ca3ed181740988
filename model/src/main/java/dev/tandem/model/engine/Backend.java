package dev.tandem.model.engine;

/** What all engines have in common: a library that was opened on a device. */
public interface Backend extends AutoCloseable {

    /** Name of the engine, for instance {@code nd4j}. */
    String name();

    /** Description of the device, for messages. */
    String device();

    /** The memory that the engine uses on the device; any thread may call this. */
    DeviceMemory memory();

    @Override
    void close();
}
