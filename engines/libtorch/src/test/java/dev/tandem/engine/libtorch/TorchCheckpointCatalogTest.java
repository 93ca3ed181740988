package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.CheckpointCatalogConformance;

class TorchCheckpointCatalogTest extends CheckpointCatalogConformance {
    TorchCheckpointCatalogTest() {
        super(new TorchUnderTest());
    }
}
