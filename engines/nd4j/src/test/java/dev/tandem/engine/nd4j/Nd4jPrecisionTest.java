package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.PrecisionConformance;

class Nd4jPrecisionTest extends PrecisionConformance {
    Nd4jPrecisionTest() {
        super(new Nd4jUnderTest());
    }
}
