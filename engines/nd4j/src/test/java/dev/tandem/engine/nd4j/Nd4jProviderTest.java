package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.ProviderConformance;

class Nd4jProviderTest extends ProviderConformance {
    Nd4jProviderTest() {
        super(new Nd4jUnderTest());
    }
}
