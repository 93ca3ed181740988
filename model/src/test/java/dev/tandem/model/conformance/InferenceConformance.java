package dev.tandem.model.conformance;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.TestCheckpoints;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Base of all classes of the conformance kit for engines that cannot train. */
public abstract class InferenceConformance {
    private final InferenceUnderTest engineUnderTest;

    @TempDir
    private Path folder;

    InferenceConformance(InferenceUnderTest engineUnderTest) {
        this.engineUnderTest = engineUnderTest;
    }

    final InferenceUnderTest engineUnderTest() {
        return engineUnderTest;
    }

    /** A model with initial weights. */
    final BicycleGan freshModel(Settings settings) {
        return BicycleGan.translating(engineUnderTest.open(), settings, Optional.empty());
    }

    /** A model with the weights of a checkpoint. */
    final BicycleGan model(Settings settings, Checkpoint checkpoint) {
        return BicycleGan.translating(engineUnderTest.open(), settings, Optional.of(checkpoint));
    }

    /** Writes a checkpoint with random weights, which depend on the step. */
    final Checkpoint checkpoint(Settings settings, long step) {
        return Checkpoint.open(Checkpoint.save(store(), TestCheckpoints.randomContent(settings, step)));
    }

    final CheckpointStore store() {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
    }
}
