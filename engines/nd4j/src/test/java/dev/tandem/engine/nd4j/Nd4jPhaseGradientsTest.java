package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.PhaseGradientsConformance;

class Nd4jPhaseGradientsTest extends PhaseGradientsConformance {
    Nd4jPhaseGradientsTest() {
        super(new Nd4jUnderTest());
    }
}
