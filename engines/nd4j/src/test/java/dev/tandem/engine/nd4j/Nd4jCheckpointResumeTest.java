package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.CheckpointResumeConformance;

class Nd4jCheckpointResumeTest extends CheckpointResumeConformance {
    Nd4jCheckpointResumeTest() {
        super(new Nd4jUnderTest());
    }
}
