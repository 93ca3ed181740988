package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.TestCheckpoints;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model translates with the weights of a checkpoint while its own weights are trained. */
public abstract class ServingCheckpointConformance extends EngineConformance {
    @TempDir
    private Path folder;

    protected ServingCheckpointConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** With an averaged generator, which is the one that translates; and with running statistics. */
    @ParameterizedTest
    @ValueSource(strings = {"train.ema-decay=0.9", "model.norm=batch", "model.preset=tandem"})
    void serve_checkpoint_translatesWithItsWeightsAndDoesNotChangeTraining(String assignment) {
        Settings settings = TestSettings.tiny(assignment);
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
        try (BicycleGan model = freshModel(settings);
                BicycleGan trainingOnly = freshModel(settings)) {
            Tensor a = Noise.gaussian(model.inputShape(3), 7, "a");
            Tensor b = Noise.gaussian(model.outputShape(3), 7, "b");
            Tensor z = Noise.gaussian(model.latentShape(3), 7, "z");
            trainOnNoise(model);
            trainOnNoise(trainingOnly);
            Checkpoint first = Checkpoint.open(model.save(store));
            float[] translated = model.translate(a, z).data();
            float[] encoded = model.encode(b).data();
            trainOnNoise(model);
            trainOnNoise(trainingOnly);
            Checkpoint second = Checkpoint.open(model.save(store));

            model.serve(first);

            assertThat(model.translate(a, z).data()).isEqualTo(translated);
            assertThat(model.encode(b).data()).isEqualTo(encoded);
            assertThat(trainOnNoise(model).losses())
                    .isEqualTo(trainOnNoise(trainingOnly).losses());
            assertThat(model.translate(a, z).data()).as("after a step").isEqualTo(translated);
            assertThat(model.preview(a, z).data())
                    .isEqualTo(trainingOnly.translate(a, z).data());
            model.serve(second);
            assertThat(model.translate(a, z).data()).isNotEqualTo(translated);
            model.serve(first);
            assertThat(model.translate(a, z).data()).as("selected again").isEqualTo(translated);
            model.serveLive();
            assertThat(model.translate(a, z).data())
                    .isEqualTo(trainingOnly.translate(a, z).data());
        }
    }

    /** What is read last is missing, so all other weights have been read before the failure. */
    @Test
    void followAndServe_checkpointDamagedMeanwhile_keepTheWeightsBefore() throws IOException {
        Settings settings = TestSettings.tiny();
        Checkpoint first = randomCheckpoint(settings, 1);
        Checkpoint second = randomCheckpoint(settings, 2);
        Checkpoint damaged = randomCheckpoint(settings, 3);
        List<ParameterSpec> parameters = Networks.of(settings).parameters(Member.GENERATOR);
        CheckpointFiles.renameTensor(
                damaged.folder(),
                "generator." + parameters.get(parameters.size() - 1).name());
        try (BicycleGan model = BicycleGan.translating(engineUnderTest().open(), settings, Optional.of(first))) {
            Tensor a = Noise.gaussian(model.inputShape(1), 7, "a");
            Tensor z = Noise.gaussian(model.latentShape(1), 7, "z");
            float[] live = model.translate(a, z).data();

            assertThatThrownBy(() -> model.serve(damaged)).isInstanceOf(CheckpointException.class);
            assertThat(model.translate(a, z).data()).isEqualTo(live);
            model.serve(second);
            float[] served = model.translate(a, z).data();
            assertThat(served).isNotEqualTo(live);
            assertThatThrownBy(() -> model.serve(damaged)).isInstanceOf(CheckpointException.class);
            assertThat(model.translate(a, z).data()).isEqualTo(served);

            assertThatThrownBy(() -> model.follow(damaged)).isInstanceOf(CheckpointException.class);
            assertThat(model.preview(a, z).data()).isEqualTo(live);
            assertThat(model.step()).isEqualTo(1);
            model.follow(second);
            assertThat(model.preview(a, z).data()).isEqualTo(served);
        }
    }

    /** The limit allows generator and encoder once, and then the generator a second time. */
    @Test
    void serve_repeatedlyTooLittleMemory_takesNoMoreMemory() {
        Settings settings = TestSettings.tiny("model.width=16");
        Checkpoint checkpoint = randomCheckpoint(settings, 1);
        long bytes = bytes(settings, Member.GENERATOR) + bytes(settings, Member.ENCODER);
        long limit = bytes + bytes(settings, Member.GENERATOR) + 1;
        try (BicycleGan model =
                BicycleGan.translating(engineUnderTest().open(limit), settings, Optional.of(checkpoint))) {
            assertThatThrownBy(() -> model.serve(checkpoint)).isInstanceOf(DeviceMemoryException.class);
            long afterwards = model.memory().used();

            assertThatThrownBy(() -> model.serve(checkpoint)).isInstanceOf(DeviceMemoryException.class);

            assertThat(model.memory().used()).isEqualTo(afterwards).isLessThan(limit);
        }
    }

    private static long bytes(Settings settings, Member member) {
        return Networks.of(settings).parameters(member).stream()
                .mapToLong(spec -> (long) Float.BYTES * spec.shape().size())
                .sum();
    }

    private Checkpoint randomCheckpoint(Settings settings, long step) {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
        return Checkpoint.open(Checkpoint.save(store, TestCheckpoints.randomContent(settings, step)));
    }

    @Test
    void serve_checkpointOfOtherNetworks_isRejectedAndChangesNothing() {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
        Checkpoint other;
        try (BicycleGan wide = freshModel(TestSettings.tiny("model.width=8"))) {
            other = Checkpoint.open(wide.save(store));
        }
        try (BicycleGan model = freshModel(TestSettings.tiny())) {
            Tensor a = Noise.gaussian(model.inputShape(1), 7, "a");
            Tensor z = Noise.gaussian(model.latentShape(1), 7, "z");
            float[] before = model.translate(a, z).data();

            assertThatThrownBy(() -> model.serve(other))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("other networks");
            assertThat(model.translate(a, z).data()).isEqualTo(before);
        }
    }
}
