package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.LossesConformance;

class TorchLossesTest extends LossesConformance {
    TorchLossesTest() {
        super(new TorchUnderTest());
    }
}
