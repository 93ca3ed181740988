package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.OpGradientsConformance;

class TorchOpGradientsTest extends OpGradientsConformance {
    TorchOpGradientsTest() {
        super(new TorchUnderTest());
    }
}
