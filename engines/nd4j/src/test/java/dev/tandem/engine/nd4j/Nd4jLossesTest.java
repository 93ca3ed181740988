package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.LossesConformance;

class Nd4jLossesTest extends LossesConformance {
    Nd4jLossesTest() {
        super(new Nd4jUnderTest());
    }
}
