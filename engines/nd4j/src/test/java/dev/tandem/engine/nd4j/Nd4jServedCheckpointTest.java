package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.ServedCheckpointConformance;

class Nd4jServedCheckpointTest extends ServedCheckpointConformance {
    Nd4jServedCheckpointTest() {
        super(new Nd4jUnderTest());
    }
}
