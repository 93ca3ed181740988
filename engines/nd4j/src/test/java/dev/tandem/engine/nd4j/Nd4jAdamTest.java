package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.AdamConformance;

class Nd4jAdamTest extends AdamConformance {
    Nd4jAdamTest() {
        super(new Nd4jUnderTest());
    }
}
