package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.TrainingStepConformance;

class Nd4jTrainingStepTest extends TrainingStepConformance {
    Nd4jTrainingStepTest() {
        super(new Nd4jUnderTest());
    }
}
