package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainStepTest {

    /** Each degenerate use of the paper's ablations, and the options that change what is in a step, learns. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.loss.lambda-l1=10",
                "train.loss.lambda-gan=0 train.loss.lambda-gan-lr=0 train.loss.lambda-kl=0 train.loss.lambda-latent=0",
                "train.loss.lambda-gan-lr=0 train.loss.lambda-latent=0",
                "model.encoder.type=none",
                "model.latent=0",
                "model.norm=batch train.dropout=0.5",
                "model.norm=none train.init.type=kaiming",
                "model.encoder.type=conv model.generator.activation=elu",
                "model.discriminator.shared=true model.discriminator.conditional=true train.gan-mode=vanilla",
                "model.input-channels=1 model.output-channels=4 train.latent-gradient=both",
                "train.ema-decay=0.9 train.init.type=orthogonal train.init.gain=0.1",
                "model.preset=seed model.image-size=64"
            })
    void take_anyObjective_lowersTheReconstruction(String assignments) {
        Settings settings = TestSettings.tiny(
                (assignments + " train.learning-rate=2e-3 train.batch-size=4 train.split-batch=false").split(" "));
        try (BicycleGan model = open(settings)) {
            Tensor a = constant(model.inputs(4), 0.5f);
            Tensor b = constant(model.outputs(4), -0.5f);

            StepReport first = model.train(a, b, Offsets.NONE);
            StepReport last = first;
            for (int step = 0; step < 30; step++) {
                last = model.train(a, b, Offsets.NONE);
            }

            assertThat(last.losses().l1()).isLessThan(first.losses().l1() / 2);
            assertThat(model.translate(a, Noise.gaussian(model.latents(4), 1, "z"))
                            .data())
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void take_cLrGanAlone_learnsToFindTheLatentAgain() {
        Settings settings = TestSettings.tiny(
                "model.latent=2",
                "train.init.type=kaiming",
                "train.learning-rate=2e-3",
                "train.loss.lambda-gan=0",
                "train.loss.lambda-gan-lr=0.01",
                "train.loss.lambda-l1=0",
                "train.loss.lambda-kl=0",
                "train.latent-gradient=both");
        try (BicycleGan model = open(settings)) {
            Tensor a = Noise.gaussian(model.inputs(4), 1, "a");
            Tensor b = Noise.gaussian(model.outputs(4), 1, "b");
            double[] latent = IntStream.range(0, 150)
                    .mapToDouble(i -> model.train(a, b, Offsets.NONE).losses().latent())
                    .toArray();

            double early =
                    IntStream.range(0, 10).mapToDouble(i -> latent[i]).average().orElseThrow();
            double late = IntStream.range(140, 150)
                    .mapToDouble(i -> latent[i])
                    .average()
                    .orElseThrow();
            assertThat(late).isLessThan(0.8 * early);
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void take_batchThatIsNotFinite_changesNothing(float poison) {
        Settings settings = TestSettings.tiny("model.norm=batch", "train.ema-decay=0.5");
        Offsets seen = new Offsets(Map.of(new Partition("pairs", 0), 2L));
        try (BicycleGan model = open(settings);
                BicycleGan undisturbed = open(settings)) {
            step(model);
            step(undisturbed);
            Tensor a = Noise.gaussian(model.inputs(2), 5, "a");
            a.data()[7] = poison;

            assertThatThrownBy(() -> model.train(a, Noise.gaussian(model.outputs(2), 5, "b"), seen))
                    .isInstanceOf(NotFinite.class)
                    .hasMessageContaining("not finite");

            assertThat(model.step()).isEqualTo(1);
            assertThat(model.pairs()).isEqualTo(2);
            assertThat(model.offsets()).isEqualTo(undisturbed.offsets());
            model.skip(2, seen);
            assertThat(model.pairs()).as("pairs seen").isEqualTo(4);
            assertThat(model.offsets()).isEqualTo(seen);
            assertThat(step(model)).isEqualTo(step(undisturbed));
            Tensor z = Noise.gaussian(model.latents(2), 1, "z");
            Tensor image = Noise.gaussian(model.inputs(2), 1, "a");
            assertThat(model.translate(image, z).data())
                    .isEqualTo(undisturbed.translate(image, z).data());
        }
    }

    @Test
    void report_always_hasTheKlOfEachDimensionAndEachGradientsLength() {
        Settings settings = TestSettings.tiny("model.latent=5");
        try (BicycleGan model = open(settings)) {
            StepReport report = step(model);

            assertThat(report.klPerDimension()).hasSize(5);
            assertThat(report.klPerDimension().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .isCloseTo(report.losses().kl(), within(1e-6));
            assertThat(report.gradientNorms()).containsOnlyKeys(Member.values());
            assertThat(report.gradientNorms().values()).allMatch(norm -> norm > 0);
            assertThat(report.learningRate()).isEqualTo(2e-4);
        }
    }

    @Test
    void report_linearSchedule_fallsWithThePairs() {
        Settings settings = TestSettings.tiny(
                "train.schedule.policy=linear", "train.schedule.hold-pairs=2", "train.schedule.decay-pairs=4");
        try (BicycleGan model = open(settings)) {
            double[] rates = IntStream.range(0, 4)
                    .mapToDouble(i -> step(model).learningRate())
                    .toArray();

            assertThat(rates).usingComparatorWithPrecision(1e-12).containsExactly(2e-4, 2e-4, 1e-4, 0.0);
        }
    }

    @Test
    void translate_batchNorm_usesRunningStatistics() {
        Settings settings = TestSettings.tiny("model.norm=batch", "model.width=8");
        try (BicycleGan model = open(settings)) {
            Tensor a = Noise.gaussian(model.inputs(3), 1, "a");
            Tensor z = Noise.gaussian(model.latents(3), 1, "z");
            for (int i = 0; i < 3; i++) {
                step(model);
            }

            // Statistics of the batch would make an image's translation depend on the others.
            assertThat(model.translate(a, z).rows(1, 2).data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(model.translate(a.rows(1, 2), z.rows(1, 2)).data());
        }
    }

    @Test
    void diversity_ofLatentsThatDoNotMatter_isNone() {
        Settings settings = TestSettings.tiny("model.latent=0");
        try (BicycleGan model = open(settings)) {
            assertThat(model.diversity(Noise.gaussian(model.inputs(2), 1, "a"), 3))
                    .isZero();
        }
    }

    @Test
    void diversity_ofKnownSamples_isTheMeanOverPairs() {
        // 1, 3 and 2.
        assertThat(Diversity.of(Tensor.of(Shape.of(3, 1, 1, 1), 0, 1, 3))).isCloseTo(2, within(1e-12));
    }

    @Test
    void dropout_always_dropsItsShareAndKeepsTheMean() {
        Tensor mask = Noise.dropout(Shape.of(10_000), 0.25, 3, "mask");

        int dropped = 0;
        for (float value : mask.data()) {
            assertThat(value).isIn(0f, (float) (1 / 0.75));
            dropped += value == 0 ? 1 : 0;
        }
        assertThat(dropped).isBetween(2300, 2700);
    }

    private static StepReport step(BicycleGan model) {
        return model.train(
                Noise.gaussian(model.inputs(2), model.step(), "a"),
                Noise.gaussian(model.outputs(2), model.step(), "b"),
                Offsets.NONE);
    }

    private static Tensor constant(Shape shape, float around) {
        Tensor images = Noise.gaussian(shape, 1, "image");
        for (int i = 0; i < images.data().length; i++) {
            images.data()[i] = around + 0.02f * images.data()[i];
        }
        return images;
    }

    private static BicycleGan open(Settings settings) {
        return BicycleGan.fresh(Engines.open(settings.model().device()), settings);
    }
}
