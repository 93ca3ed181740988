package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.WeightImportConformance;

class TorchWeightImportTest extends WeightImportConformance {
    TorchWeightImportTest() {
        super(new TorchUnderTest());
    }
}
