package dev.tandem.engine.onnxruntime;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceProvider;

/** Provides the engine on ONNX Runtime, on the CPU or, in a build with the GPU library, on a GPU. */
public final class OnnxRuntimeProvider implements InferenceProvider {
    static final String NAME = "onnxruntime";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DeviceSupport support(Device device) {
        return NativeLibrary.support(device);
    }

    @Override
    public InferenceEngine open(Device device, EngineOptions options) {
        return new OnnxRuntimeEngine(NativeLibrary.load(DeviceOptions.of(device, options)), device, options);
    }
}
