package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.ParityConformance;

class Nd4jParityTest extends ParityConformance {
    Nd4jParityTest() {
        super(new Nd4jUnderTest());
    }
}
