package dev.tandem.model.engine;

import dev.tandem.config.Device;

/**
 * Opens engines of one kind. {@link Engines} finds the providers through {@link java.util.ServiceLoader}.
 *
 * <p>An implementation loads native code only in {@link #open}.
 */
public interface EngineProvider {

    /** Name of the engine in messages, for instance {@code nd4j}. */
    String name();

    /** Rank among the engines of a build on a kind of device. The usable engine with the lowest rank is chosen. */
    int rank(Device.Kind kind);

    /**
     * Checks whether this engine can use a device on this machine.
     *
     * @param device the CPU, a GPU with its number, or any GPU
     */
    DeviceSupport support(Device device);

    /** Whether the engine's operations include {@link Ops#gradientNorms}. */
    boolean hasSecondDerivatives();

    /** Whether the engine can replay phases as CUDA graphs on GPUs. */
    default boolean hasCudaGraphs() {
        return false;
    }

    /**
     * Opens an engine on a device that {@link #support} reports as usable.
     *
     * @param device the CPU, or a GPU with its number
     */
    Engine open(Device device, EngineOptions options);
}
