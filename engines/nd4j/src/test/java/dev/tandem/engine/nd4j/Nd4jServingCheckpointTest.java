package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.ServingCheckpointConformance;

class Nd4jServingCheckpointTest extends ServingCheckpointConformance {
    Nd4jServingCheckpointTest() {
        super(new Nd4jUnderTest());
    }
}
