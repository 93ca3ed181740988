package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.PhaseGradientsConformance;

class TorchPhaseGradientsTest extends PhaseGradientsConformance {
    TorchPhaseGradientsTest() {
        super(new TorchUnderTest());
    }
}
