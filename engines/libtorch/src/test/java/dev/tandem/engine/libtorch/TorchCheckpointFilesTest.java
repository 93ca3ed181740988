package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.CheckpointFilesConformance;

class TorchCheckpointFilesTest extends CheckpointFilesConformance {
    TorchCheckpointFilesTest() {
        super(new TorchUnderTest());
    }
}
