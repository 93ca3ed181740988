package dev.tandem.model.conformance;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.StepReport;

/** Base of all classes of the conformance kit. */
public abstract class EngineConformance {
    private final EngineUnderTest engineUnderTest;

    EngineConformance(EngineUnderTest engineUnderTest) {
        this.engineUnderTest = engineUnderTest;
    }

    final EngineUnderTest engineUnderTest() {
        return engineUnderTest;
    }

    /** A model with initial weights, in single precision. */
    final BicycleGan freshModel(Settings settings) {
        return BicycleGan.fresh(engineUnderTest.open(), settings);
    }

    /** A model that resumes from a checkpoint, in single precision. */
    final BicycleGan resumedModel(Settings settings, Checkpoint checkpoint) {
        return BicycleGan.resumed(engineUnderTest.open(), settings, checkpoint);
    }

    /** Takes one training step on two pairs of noise that depend only on the number of the step. */
    static StepReport trainOnNoise(BicycleGan model) {
        return trainOnNoise(model, Offsets.NONE);
    }

    /** The same with the next offsets of the batch. */
    static StepReport trainOnNoise(BicycleGan model, Offsets nextOffsets) {
        return model.train(
                Noise.gaussian(model.inputShape(2), model.step(), "a"),
                Noise.gaussian(model.outputShape(2), model.step(), "b"),
                nextOffsets);
    }
}
