package dev.tandem.engine.onnxruntime;

import dev.tandem.model.conformance.ConformanceKit;
import org.junit.jupiter.api.Test;

class OnnxRuntimeConformanceTest {

    @Test
    void conformanceKit_onnxRuntime_isExtendedCompletely() {
        ConformanceKit.requireCompleteForInference("dev.tandem.engine.onnxruntime");
    }
}
