package dev.tandem.model.conformance;

import dev.tandem.config.Device;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceProvider;

/** The inference engine that the kit for inference tests. An engine module implements it once. */
public interface InferenceUnderTest {

    /** The provider that programs find through {@link java.util.ServiceLoader}. */
    InferenceProvider provider();

    /** The device on which the kit runs the engine. */
    default Device device() {
        return Device.CPU;
    }

    /** Opens the engine as programs do. */
    default InferenceEngine open() {
        return open(EngineOptions.on("conformance kit"));
    }

    /** Opens the engine with options. */
    default InferenceEngine open(EngineOptions options) {
        return provider().open(device(), options);
    }
}
