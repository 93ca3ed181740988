package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.StepLosses;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BicycleGanTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 32})
    void translate_inACrowdOrAlone_givesTheSameBits(int width) {
        // The wider one has convolutions that are done as products.
        Settings settings = TestSettings.tiny("model.image-size=64", "model.width=" + width);
        try (BicycleGan model = open(settings)) {
            Tensor a = Noise.gaussian(model.inputs(1), 1, "a");
            Tensor z = Noise.gaussian(model.latents(21), 1, "z");

            Tensor together = model.translate(Tensor.stack(Collections.nCopies(21, a)), z);

            for (int i = 0; i < 21; i++) {
                assertThat(together.rows(i, i + 1).data())
                        .isEqualTo(model.translate(a, z.rows(i, i + 1)).data());
            }
        }
    }

    @Test
    void translate_differentLatents_givesDifferentImages() {
        Settings settings = TestSettings.tiny();
        try (BicycleGan model = open(settings)) {
            Tensor a = Noise.gaussian(model.inputs(1), 1, "a");

            assertThat(model.translate(a, Noise.gaussian(model.latents(1), 1, "z"))
                            .data())
                    .isNotEqualTo(model.translate(a, Noise.gaussian(model.latents(1), 2, "z"))
                            .data());
        }
    }

    @Test
    void translate_betweenSteps_leavesTrainingAlone() {
        Settings settings = TestSettings.tiny();
        try (BicycleGan quiet = open(settings);
                BicycleGan busy = open(settings)) {
            for (int i = 0; i < 3; i++) {
                StepLosses expected = step(quiet);
                busy.translate(Noise.gaussian(busy.inputs(3), i, "a"), Noise.gaussian(busy.latents(3), i, "z"));
                busy.encode(Noise.gaussian(busy.outputs(2), i, "b"));
                assertThat(step(busy)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void train_anyBatchSize_countsEveryPair(int batch) {
        Settings settings = TestSettings.tiny();
        try (BicycleGan model = open(settings)) {
            StepLosses losses = model.train(
                            Noise.gaussian(model.inputs(batch), 1, "a"),
                            Noise.gaussian(model.outputs(batch), 1, "b"),
                            Offsets.NONE)
                    .losses();

            assertThat(model.pairs()).isEqualTo(batch);
            assertThat(losses.l1()).isPositive().isFinite();
        }
    }

    /** With an average, which is what is served; and with running statistics. */
    @ParameterizedTest
    @ValueSource(strings = {"train.ema-decay=0.9", "model.norm=batch"})
    void serve_checkpoint_translatesAsThatDidAndLeavesTrainingAlone(String assignment, @TempDir Path folder) {
        Settings settings = TestSettings.tiny(assignment);
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
        try (BicycleGan model = open(settings);
                BicycleGan undisturbed = open(settings)) {
            Tensor a = Noise.gaussian(model.inputs(3), 7, "a");
            Tensor b = Noise.gaussian(model.outputs(3), 7, "b");
            Tensor z = Noise.gaussian(model.latents(3), 7, "z");
            step(model);
            step(undisturbed);
            Checkpoint first = Checkpoint.open(model.save(store));
            float[] translated = model.translate(a, z).data();
            float[] encoded = model.encode(b).data();
            step(model);
            step(undisturbed);
            Checkpoint second = Checkpoint.open(model.save(store));

            model.serve(first);

            assertThat(model.translate(a, z).data()).isEqualTo(translated);
            assertThat(model.encode(b).data()).isEqualTo(encoded);
            assertThat(step(model)).isEqualTo(step(undisturbed));
            assertThat(model.translate(a, z).data()).as("still").isEqualTo(translated);
            assertThat(model.preview(a, z).data())
                    .isEqualTo(undisturbed.translate(a, z).data());
            model.serve(second);
            assertThat(model.translate(a, z).data()).isNotEqualTo(translated);
            model.serve(first);
            assertThat(model.translate(a, z).data()).as("again").isEqualTo(translated);
            model.serveLive();
            assertThat(model.translate(a, z).data())
                    .isEqualTo(undisturbed.translate(a, z).data());
        }
    }

    @Test
    void serve_checkpointOfOtherNetworks_isRefusedAndChangesNothing(@TempDir Path folder) {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
        Checkpoint other;
        try (BicycleGan wide = open(TestSettings.tiny("model.width=8"))) {
            other = Checkpoint.open(wide.save(store));
        }
        try (BicycleGan model = open(TestSettings.tiny())) {
            Tensor a = Noise.gaussian(model.inputs(1), 7, "a");
            Tensor z = Noise.gaussian(model.latents(1), 7, "z");
            float[] before = model.translate(a, z).data();

            assertThatThrownBy(() -> model.serve(other))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("other networks");
            assertThat(model.translate(a, z).data()).isEqualTo(before);
        }
    }

    private static StepLosses step(BicycleGan model) {
        return model.train(
                        Noise.gaussian(model.inputs(2), model.step(), "a"),
                        Noise.gaussian(model.outputs(2), model.step(), "b"),
                        Offsets.NONE)
                .losses();
    }

    private static BicycleGan open(Settings settings) {
        return BicycleGan.fresh(Engines.open(settings.model().device()), settings);
    }
}
