package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.CheckpointFilesConformance;

class Nd4jCheckpointFilesTest extends CheckpointFilesConformance {
    Nd4jCheckpointFilesTest() {
        super(new Nd4jUnderTest());
    }
}
