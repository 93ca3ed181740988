package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.AdamConformance;

class TorchAdamTest extends AdamConformance {
    TorchAdamTest() {
        super(new TorchUnderTest());
    }
}
