package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.CheckpointResumeConformance;

class TorchCheckpointResumeTest extends CheckpointResumeConformance {
    TorchCheckpointResumeTest() {
        super(new TorchUnderTest());
    }
}
