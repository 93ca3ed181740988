package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.OpGradientsConformance;

class Nd4jOpGradientsTest extends OpGradientsConformance {
    Nd4jOpGradientsTest() {
        super(new Nd4jUnderTest());
    }
}
