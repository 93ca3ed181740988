package dev.tandem.engine.onnxruntime;

import dev.tandem.model.conformance.InferenceTranslationConformance;

class OnnxRuntimeTranslationTest extends InferenceTranslationConformance {
    OnnxRuntimeTranslationTest() {
        super(new OnnxRuntimeUnderTest());
    }
}
