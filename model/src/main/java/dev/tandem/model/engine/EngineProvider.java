package dev.tandem.model.engine;

import dev.tandem.config.ModelSettings.Device;

/**
 * An engine on the class path, found through {@link java.util.ServiceLoader}; {@link Engines} chooses one.
 *
 * <p>An implementation loads native code only in {@link #open}.
 */
public interface EngineProvider {

    /** The engine's name in messages, for instance {@code nd4j}. */
    String name();

    /**
     * Whether this engine can use a kind of device on this machine, and the reason if it cannot.
     *
     * @param device {@code CPU} or {@code CUDA}
     */
    DeviceSupport support(Device device);

    /**
     * Opens an engine on a device that {@link #support} reports as usable.
     *
     * @param device {@code CPU} or {@code CUDA}
     */
    Engine open(Device device, EngineOptions options);
}
