package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.CheckpointResumeConformance;

class ChannelsLastCheckpointResumeTest extends CheckpointResumeConformance {
    ChannelsLastCheckpointResumeTest() {
        super(OptionsOfGpus.withChannelsLast());
    }
}
