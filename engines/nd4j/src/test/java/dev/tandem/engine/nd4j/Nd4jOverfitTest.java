package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.OverfitConformance;

class Nd4jOverfitTest extends OverfitConformance {
    Nd4jOverfitTest() {
        super(new Nd4jUnderTest());
    }
}
