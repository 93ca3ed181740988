package dev.tandem.engine.onnxruntime;

import dev.tandem.model.conformance.InferenceUnderTest;
import dev.tandem.model.engine.InferenceProvider;

/** The engine on ONNX Runtime for the conformance kit. */
final class OnnxRuntimeUnderTest implements InferenceUnderTest {

    @Override
    public InferenceProvider provider() {
        return new OnnxRuntimeProvider();
    }
}
