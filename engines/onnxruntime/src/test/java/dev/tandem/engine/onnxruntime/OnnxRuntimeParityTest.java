package dev.tandem.engine.onnxruntime;

import dev.tandem.model.conformance.InferenceParityConformance;

class OnnxRuntimeParityTest extends InferenceParityConformance {
    OnnxRuntimeParityTest() {
        super(new OnnxRuntimeUnderTest());
    }
}
