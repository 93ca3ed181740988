package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.FrozenWeightsConformance;

class TorchFrozenWeightsTest extends FrozenWeightsConformance {
    TorchFrozenWeightsTest() {
        super(new TorchUnderTest());
    }
}
