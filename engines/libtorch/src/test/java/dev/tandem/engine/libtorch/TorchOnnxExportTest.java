package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.OnnxExportConformance;

class TorchOnnxExportTest extends OnnxExportConformance {
    TorchOnnxExportTest() {
        super(new TorchUnderTest());
    }
}
