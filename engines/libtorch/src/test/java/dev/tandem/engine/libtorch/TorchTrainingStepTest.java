package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.TrainingStepConformance;

class TorchTrainingStepTest extends TrainingStepConformance {
    TorchTrainingStepTest() {
        super(new TorchUnderTest());
    }
}
