package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.CheckpointResumeConformance;

class ReplayedCheckpointResumeTest extends CheckpointResumeConformance {
    ReplayedCheckpointResumeTest() {
        super(OptionsOfGpus.withReplay());
    }
}
