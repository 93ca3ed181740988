package dev.tandem.model.engine;

import dev.tandem.config.Device;
import dev.tandem.config.SettingsException;

/**
 * Opens inference engines of one kind. {@link InferenceEngines} finds the providers through {@link
 * java.util.ServiceLoader}.
 *
 * <p>An implementation loads native code only in {@link #open}.
 */
public interface InferenceProvider {

    /** Name of the engine in settings and messages, for instance {@code onnxruntime}. */
    String name();

    /**
     * Checks whether this engine can use a device on this machine.
     *
     * @param device the CPU, a GPU with its number, or any GPU
     */
    DeviceSupport support(Device device);

    /**
     * Opens an engine on a device that {@link #support} reports as usable.
     *
     * @param device the CPU, or a GPU with its number
     * @throws SettingsException if the native library cannot be loaded
     */
    InferenceEngine open(Device device, EngineOptions options);
}
