package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.ServingCheckpointConformance;

class TorchServingCheckpointTest extends ServingCheckpointConformance {
    TorchServingCheckpointTest() {
        super(new TorchUnderTest());
    }
}
