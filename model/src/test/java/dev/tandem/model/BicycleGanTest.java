package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.nd4j.Nd4jBackend;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.StepLosses;
import java.util.Collections;
import org.junit.jupiter.api.Test;
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

    private static StepLosses step(BicycleGan model) {
        return model.train(
                        Noise.gaussian(model.inputs(2), model.step(), "a"),
                        Noise.gaussian(model.outputs(2), model.step(), "b"),
                        Offsets.NONE)
                .losses();
    }

    private static BicycleGan open(Settings settings) {
        return BicycleGan.fresh(Nd4jBackend.open(settings.model().device()), settings);
    }
}
