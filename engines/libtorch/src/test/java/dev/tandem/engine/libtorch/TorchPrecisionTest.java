package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.PrecisionConformance;

class TorchPrecisionTest extends PrecisionConformance {
    TorchPrecisionTest() {
        super(new TorchUnderTest());
    }
}
