package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.ParityConformance;

class TorchParityTest extends ParityConformance {
    TorchParityTest() {
        super(new TorchUnderTest());
    }
}
