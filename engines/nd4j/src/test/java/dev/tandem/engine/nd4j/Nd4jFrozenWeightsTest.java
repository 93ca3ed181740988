package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.FrozenWeightsConformance;

class Nd4jFrozenWeightsTest extends FrozenWeightsConformance {
    Nd4jFrozenWeightsTest() {
        super(new Nd4jUnderTest());
    }
}
