package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.StepLosses;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Translations depend on image, latent and weights only: not on the batch, and training does not depend on them. */
public abstract class TranslationConformance extends EngineConformance {

    protected TranslationConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32})
    void translate_batchOrSingleImage_givesTheSameBits(int width) {
        // With the greater width some weights are large enough for an engine to choose another algorithm.
        Settings settings = TestSettings.tiny("model.image-size=64", "model.width=" + width);
        try (BicycleGan model = freshModel(settings)) {
            Tensor a = Noise.gaussian(model.inputShape(1), 1, "a");
            Tensor z = Noise.gaussian(model.latentShape(21), 1, "z");

            Tensor batch = model.translate(Tensor.stack(Collections.nCopies(21, a)), z);

            for (int i = 0; i < 21; i++) {
                assertThat(batch.rows(i, i + 1).data())
                        .isEqualTo(model.translate(a, z.rows(i, i + 1)).data());
            }
        }
    }

    @Test
    void translate_differentLatents_givesDifferentImages() {
        try (BicycleGan model = freshModel(TestSettings.tiny())) {
            Tensor a = Noise.gaussian(model.inputShape(1), 1, "a");

            assertThat(model.translate(a, Noise.gaussian(model.latentShape(1), 1, "z"))
                            .data())
                    .isNotEqualTo(model.translate(a, Noise.gaussian(model.latentShape(1), 2, "z"))
                            .data());
        }
    }

    @Test
    void translate_betweenSteps_doesNotChangeTraining() {
        Settings settings = TestSettings.tiny();
        try (BicycleGan trainingOnly = freshModel(settings);
                BicycleGan translating = freshModel(settings)) {
            for (int i = 0; i < 3; i++) {
                StepLosses expected = trainOnNoise(trainingOnly).losses();
                translating.translate(
                        Noise.gaussian(translating.inputShape(3), i, "a"),
                        Noise.gaussian(translating.latentShape(3), i, "z"));
                translating.encode(Noise.gaussian(translating.outputShape(2), i, "b"));
                assertThat(trainOnNoise(translating).losses()).isEqualTo(expected);
            }
        }
    }

    @Test
    void translate_batchNorm_usesRunningStatistics() {
        Settings settings = TestSettings.tiny("model.norm=batch", "model.width=8");
        try (BicycleGan model = freshModel(settings)) {
            Tensor a = Noise.gaussian(model.inputShape(3), 1, "a");
            Tensor z = Noise.gaussian(model.latentShape(3), 1, "z");
            for (int i = 0; i < 3; i++) {
                trainOnNoise(model);
            }

            // With statistics of the batch, the translation of an image would depend on the other images.
            assertThat(model.translate(a, z).rows(1, 2).data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(model.translate(a.rows(1, 2), z.rows(1, 2)).data());
        }
    }

    @Test
    void diversity_modelWithoutLatent_isZero() {
        Settings settings = TestSettings.tiny("model.latent=0");
        try (BicycleGan model = freshModel(settings)) {
            assertThat(model.diversity(Noise.gaussian(model.inputShape(2), 1, "a"), 3))
                    .isZero();
        }
    }
}
