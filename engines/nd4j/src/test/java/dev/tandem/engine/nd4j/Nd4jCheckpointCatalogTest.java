package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.CheckpointCatalogConformance;

class Nd4jCheckpointCatalogTest extends CheckpointCatalogConformance {
    Nd4jCheckpointCatalogTest() {
        super(new Nd4jUnderTest());
    }
}
