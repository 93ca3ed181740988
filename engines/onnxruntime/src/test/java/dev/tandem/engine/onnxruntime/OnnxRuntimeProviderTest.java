package dev.tandem.engine.onnxruntime;

import dev.tandem.model.conformance.InferenceProviderConformance;

class OnnxRuntimeProviderTest extends InferenceProviderConformance {
    OnnxRuntimeProviderTest() {
        super(new OnnxRuntimeUnderTest());
    }
}
