package dev.tandem.engine.onnxruntime;

import dev.tandem.model.conformance.InferenceCheckpointConformance;

class OnnxRuntimeCheckpointTest extends InferenceCheckpointConformance {
    OnnxRuntimeCheckpointTest() {
        super(new OnnxRuntimeUnderTest());
    }
}
