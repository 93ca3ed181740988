package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that resumes from a checkpoint continues bit-identically, and restores what the settings ask for. */
public abstract class CheckpointResumeConformance extends EngineConformance {
    private static final Partition PAIRS = new Partition("pairs-of-mine", 3);

    @TempDir
    private Path folder;

    protected CheckpointResumeConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** Covers all state: running statistics, averaged weights, random numbers by step, a schedule by pairs, past pairs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.ema-decay=0.9",
                "model.norm=batch train.ema-decay=0.9 train.dropout=0.5 train.schedule.policy=linear"
                        + " train.schedule.hold-pairs=4 train.schedule.decay-pairs=20",
                "model.preset=seed model.image-size=64",
                "model.preset=tandem",
                "train.replay.capacity=3 train.replay.share=0.5",
                "train.gan-mode=wgangp train.loss.lambda-r1=1"
            })
    void resumed_afterSomeSteps_continuesBitIdentically(String assignments) throws IOException {
        Settings settings = TestSettings.tiny(assignments.split(" "));
        assumeTrue(
                !settings.train().needsSecondDerivatives()
                        || engineUnderTest().provider().hasSecondDerivatives(),
                "the engine has no second derivatives");
        CheckpointStore store = store("uninterrupted");
        Path uninterrupted;
        try (BicycleGan model = freshModel(settings)) {
            train(model, 3);
            model.save(store);
            train(model, 3);
            uninterrupted = model.save(store);
        }

        Checkpoint third = Checkpoint.open(uninterrupted.resolveSibling("step-0000000003"));
        try (BicycleGan model = resumedModel(settings, third)) {
            assertThat(model.step()).isEqualTo(3);
            assertThat(model.pairs()).isEqualTo(6);
            assertThat(model.offsets().of(PAIRS)).hasValue(6);
            train(model, 3);
            // A store does not write the same step twice, so the resumed model needs another one.
            Path resumed = model.save(store("resumed"));

            List<String> files = new ArrayList<>(List.of("model.safetensors", "optimizer.safetensors"));
            if (settings.train().replayedPairs() > 0) {
                files.add("replay.safetensors");
            }
            for (String file : files) {
                assertThat(resumed.resolve(file)).isNotEqualTo(uninterrupted.resolve(file));
                assertThat(Files.readAllBytes(resumed.resolve(file)))
                        .isEqualTo(Files.readAllBytes(uninterrupted.resolve(file)));
            }
        }
    }

    /** Programs that had no replay buffer wrote such checkpoints. */
    @Test
    void resumed_stateWithoutReplay_beginsToStorePairs() throws IOException {
        try (BicycleGan model = freshModel(TestSettings.tiny("train.ema-decay=0.9"))) {
            train(model, 1);
            Path saved = model.save(store("checkpoints"));
            Path state = saved.resolve("state.json");
            Files.writeString(state, Files.readString(state).replaceFirst("\\s*\"replay\" : 0,", ""));
            CheckpointFiles.updateChecksum(saved, "state.json");
        }
        Settings storing = TestSettings.tiny("train.ema-decay=0.9", "train.replay.capacity=4");
        try (BicycleGan model =
                resumedModel(storing, store("checkpoints").newestValid().orElseThrow())) {
            train(model, 1);

            assertThat(Checkpoint.open(model.save(store("checkpoints"))).pastPairCount())
                    .isEqualTo(2);
        }
    }

    @Test
    void resumed_capacityZero_dropsThePastPairs() {
        try (BicycleGan model = freshModel(TestSettings.tiny("train.replay.capacity=4"))) {
            train(model, 1);
            model.save(store("checkpoints"));
        }
        try (BicycleGan model = resumedModel(
                TestSettings.tiny(), store("checkpoints").newestValid().orElseThrow())) {
            train(model, 1);

            assertThat(model.save(store("checkpoints")).resolve("replay.safetensors"))
                    .doesNotExist();
        }
    }

    @Test
    void resumed_otherNetworks_isRejectedWithTheSettingThatDiffers() {
        CheckpointStore store = store("checkpoints");
        try (BicycleGan model = freshModel(TestSettings.tiny("train.ema-decay=0.9"))) {
            model.save(store);
        }
        Checkpoint checkpoint = store.newestValid().orElseThrow();
        Settings wider = TestSettings.tiny("train.ema-decay=0.9", "model.width=8");

        assertThatThrownBy(() -> NetworkCompatibility.require(wider, checkpoint))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("was made with other networks than the settings describe; set model.width=4, or");
    }

    @Test
    void translating_checkpointWithReplay_doesNotLoadThePastPairs() {
        Settings settings = TestSettings.tiny("train.replay.capacity=4");
        try (BicycleGan model = freshModel(settings)) {
            train(model, 1);
            model.save(store("checkpoints"));
        }
        Checkpoint saved = store("checkpoints").newestValid().orElseThrow();
        assertThat(saved.pastPairCount()).isEqualTo(2);
        try (BicycleGan model = BicycleGan.translating(engineUnderTest().open(), settings, Optional.of(saved))) {
            assertThat(model.pairs()).isEqualTo(2);
            assertThat(model.pastPairs()).isZero();
        }
    }

    private CheckpointStore store(String name) {
        return CheckpointStore.open(new CheckpointSettings(folder.resolve(name), 1, 3));
    }

    /** Announces all batches but the first, so a model that resumes gets its first batch in another way. */
    private static void train(BicycleGan model, int steps) {
        Tensor a = Noise.gaussian(model.inputShape(2), model.step(), "a");
        Tensor b = Noise.gaussian(model.outputShape(2), model.step(), "b");
        for (int i = 0; i < steps; i++) {
            Tensor nextA = Noise.gaussian(model.inputShape(2), model.step() + 1, "a");
            Tensor nextB = Noise.gaussian(model.outputShape(2), model.step() + 1, "b");
            model.announce(nextA, nextB);
            model.train(a, b, new Offsets(Map.of(PAIRS, 2 * (model.step() + 1))));
            a = nextA;
            b = nextB;
        }
    }
}
