package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Results depend on image, latent and weights only, to the bit. The second time, an engine can compute several images at
 * once.
 */
public abstract class InferenceTranslationConformance extends InferenceConformance {

    protected InferenceTranslationConformance(InferenceUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.width=8",
                "model.width=32",
                "model.width=8 model.norm=batch",
                "model.preset=seed model.width=8",
                "model.preset=tandem model.width=8",
                "model.preset=tandem model.width=4 model.image-size=256"
            })
    void translate_batchOrSingleImage_givesTheSameBits(String assignments) {
        Settings settings = TestSettings.tiny(("model.image-size=64 " + assignments).split(" "));
        try (BicycleGan model = freshModel(settings)) {
            Tensor a = Noise.gaussian(model.inputShape(1), 1, "a");
            Tensor z = Noise.gaussian(model.latentShape(21), 1, "z");

            Tensor images = Tensor.stack(Collections.nCopies(21, a));
            model.translate(images, z);
            Tensor batch = model.translate(images, z);

            for (int i = 0; i < 21; i++) {
                assertThat(batch.rows(i, i + 1).data())
                        .isEqualTo(model.translate(a, z.rows(i, i + 1)).data());
            }
        }
    }

    @Test
    void encode_batchOrSingleImage_givesTheSameBits() {
        try (BicycleGan model = freshModel(TestSettings.tiny())) {
            Tensor b = Noise.gaussian(model.outputShape(5), 1, "b");

            model.encode(b);
            Tensor batch = model.encode(b);

            for (int i = 0; i < 5; i++) {
                assertThat(batch.rows(i, i + 1).data())
                        .isEqualTo(model.encode(b.rows(i, i + 1)).data());
            }
        }
    }

    @Test
    void translate_sameCheckpointOpenedTwice_givesTheSameBits() {
        Settings settings = TestSettings.tiny("model.norm=batch", "train.ema-decay=0.9");
        Checkpoint checkpoint = checkpoint(settings, 1);
        try (BicycleGan first = model(settings, checkpoint);
                BicycleGan second = model(settings, checkpoint)) {
            Tensor a = Noise.gaussian(first.inputShape(3), 1, "a");
            Tensor b = Noise.gaussian(first.outputShape(3), 1, "b");
            Tensor z = Noise.gaussian(first.latentShape(3), 1, "z");

            assertThat(second.translate(a, z).data())
                    .isEqualTo(first.translate(a, z).data());
            assertThat(second.encode(b).data()).isEqualTo(first.encode(b).data());
        }
    }

    @Test
    void translate_otherLatentOrImage_givesOtherImages() {
        try (BicycleGan model = freshModel(TestSettings.tiny())) {
            Tensor a = Noise.gaussian(model.inputShape(2), 1, "a");
            Tensor z = Noise.gaussian(model.latentShape(2), 1, "z");

            float[] translated = model.translate(a.rows(0, 1), z.rows(0, 1)).data();

            assertThat(model.translate(a.rows(0, 1), z.rows(1, 2)).data()).isNotEqualTo(translated);
            assertThat(model.translate(a.rows(1, 2), z.rows(0, 1)).data()).isNotEqualTo(translated);
        }
    }

    @Test
    void diversity_modelWithoutLatent_isZero() {
        try (BicycleGan model = freshModel(TestSettings.tiny("model.latent=0"))) {
            assertThat(model.hasEncoder()).isFalse();
            assertThat(model.diversity(Noise.gaussian(model.inputShape(2), 1, "a"), 3))
                    .isZero();
        }
    }

    @Test
    void train_modelThatOnlyTranslates_isRejected() {
        try (BicycleGan model = freshModel(TestSettings.tiny())) {
            Tensor images = Noise.gaussian(model.inputShape(2), 1, "a");

            assertThatThrownBy(() -> model.train(images, images, Offsets.NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a model that only translates cannot train");
            assertThatThrownBy(() -> model.save(store()))
                    .hasMessage("a model that only translates writes no checkpoints");
            assertThatThrownBy(() -> model.skip(1, Offsets.NONE))
                    .hasMessage("a model that only translates counts no pairs");
        }
    }
}
