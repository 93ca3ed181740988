package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.GradientRoutingConformance;

class Nd4jGradientRoutingTest extends GradientRoutingConformance {
    Nd4jGradientRoutingTest() {
        super(new Nd4jUnderTest());
    }
}
