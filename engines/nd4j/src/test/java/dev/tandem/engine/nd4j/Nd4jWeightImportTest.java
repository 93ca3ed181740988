package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.WeightImportConformance;

class Nd4jWeightImportTest extends WeightImportConformance {
    Nd4jWeightImportTest() {
        super(new Nd4jUnderTest());
    }
}
