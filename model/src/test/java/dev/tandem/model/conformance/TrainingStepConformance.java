package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.NonFiniteException;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.validation.HeldOutPairs;
import dev.tandem.model.validation.Score;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training steps: every objective lowers its loss, the report is complete, and an invalid batch changes nothing. */
public abstract class TrainingStepConformance extends EngineConformance {

    protected TrainingStepConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** The objectives of the paper's ablations, and the options that change what a step computes. */
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
                "model.preset=seed model.image-size=64",
                "model.preset=tandem",
                "model.preset=tandem model.latent=0",
                "model.preset=tandem model.encoder.type=none"
            })
    void train_anyObjective_lowersTheReconstructionLoss(String assignments) {
        Settings settings = TestSettings.tiny(
                (assignments + " train.learning-rate=2e-3 train.batch-size=4 train.split-batch=false").split(" "));
        try (BicycleGan model = freshModel(settings)) {
            Tensor a = almostConstant(model.inputShape(4), 0.5f);
            Tensor b = almostConstant(model.outputShape(4), -0.5f);

            StepReport first = model.train(a, b, Offsets.NONE);
            StepReport last = first;
            for (int step = 0; step < 30; step++) {
                last = model.train(a, b, Offsets.NONE);
            }

            assertThat(last.losses().l1()).isLessThan(first.losses().l1() / 2);
            assertThat(model.translate(a, Noise.gaussian(model.latentShape(4), 1, "z"))
                            .data())
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void train_cLrGanAlone_lowersTheLatentLoss() {
        Settings settings = TestSettings.tiny(
                "model.latent=2",
                "train.init.type=kaiming",
                "train.learning-rate=2e-3",
                "train.loss.lambda-gan=0",
                "train.loss.lambda-gan-lr=0.01",
                "train.loss.lambda-l1=0",
                "train.loss.lambda-kl=0",
                "train.latent-gradient=both");
        try (BicycleGan model = freshModel(settings)) {
            Tensor a = Noise.gaussian(model.inputShape(4), 1, "a");
            Tensor b = Noise.gaussian(model.outputShape(4), 1, "b");
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
    @ValueSource(ints = {1, 2, 3, 5})
    void train_anyBatchSize_countsEveryPair(int batch) {
        try (BicycleGan model = freshModel(TestSettings.tiny())) {
            StepLosses losses = model.train(
                            Noise.gaussian(model.inputShape(batch), 1, "a"),
                            Noise.gaussian(model.outputShape(batch), 1, "b"),
                            Offsets.NONE)
                    .losses();

            assertThat(model.pairs()).isEqualTo(batch);
            assertThat(losses.l1()).isPositive().isFinite();
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void train_nonFiniteBatch_changesNothing(float nonFinite) {
        Settings settings = TestSettings.tiny("model.norm=batch", "train.ema-decay=0.5");
        Offsets nextOffsets = new Offsets(Map.of(new Partition("pairs", 0), 2L));
        try (BicycleGan model = freshModel(settings);
                BicycleGan undisturbed = freshModel(settings)) {
            trainOnNoise(model);
            trainOnNoise(undisturbed);
            Tensor a = Noise.gaussian(model.inputShape(2), 5, "a");
            a.data()[7] = nonFinite;

            assertThatThrownBy(() -> model.train(a, Noise.gaussian(model.outputShape(2), 5, "b"), nextOffsets))
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("not finite");

            assertThat(model.step()).isEqualTo(1);
            assertThat(model.pairs()).isEqualTo(2);
            assertThat(model.offsets()).isEqualTo(undisturbed.offsets());
            model.skip(2, nextOffsets);
            assertThat(model.pairs()).as("pairs after the skip").isEqualTo(4);
            assertThat(model.offsets()).isEqualTo(nextOffsets);
            assertThat(trainOnNoise(model)).isEqualTo(trainOnNoise(undisturbed));
            Tensor z = Noise.gaussian(model.latentShape(2), 1, "z");
            Tensor image = Noise.gaussian(model.inputShape(2), 1, "a");
            assertThat(model.translate(image, z).data())
                    .isEqualTo(undisturbed.translate(image, z).data());
        }
    }

    /** With the averaged generator, dropout and running statistics, none of which a validation may change. */
    @ParameterizedTest
    @ValueSource(strings = {"model.preset=tandem", "model.norm=batch train.ema-decay=0.9 train.dropout=0.5"})
    void validate_betweenSteps_givesTheSameScoreAgainAndDoesNotChangeTraining(String assignments) {
        Settings settings = TestSettings.tiny((assignments + " train.validation.samples=3").split(" "));
        try (BicycleGan model = freshModel(settings);
                BicycleGan undisturbed = freshModel(settings)) {
            trainOnNoise(model);
            trainOnNoise(undisturbed);
            Tensor truth = Noise.gaussian(model.outputShape(1), 5, "b");
            HeldOutPairs pairs =
                    new HeldOutPairs(List.of(Noise.gaussian(model.inputShape(1), 5, "a")), List.of(List.of(truth)));

            Score score = model.validate(pairs).orElseThrow();

            assertThat(score.step()).isEqualTo(1);
            assertThat(score.nearestL1()).isPositive();
            assertThat(score.diversity()).isPositive();
            assertThat(model.validate(pairs)).contains(score);
            assertThat(trainOnNoise(model)).isEqualTo(trainOnNoise(undisturbed));
            assertThat(model.validate(pairs).orElseThrow().nearestL1()).isNotEqualTo(score.nearestL1());
        }
    }

    @Test
    void report_anyStep_hasTheKlOfEachDimensionAndTheNormOfEachGradient() {
        Settings settings = TestSettings.tiny("model.latent=5");
        try (BicycleGan model = freshModel(settings)) {
            StepReport report = trainOnNoise(model);

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
    void report_linearSchedule_hasALearningRateThatFallsWithThePairs() {
        Settings settings = TestSettings.tiny(
                "train.schedule.policy=linear", "train.schedule.hold-pairs=2", "train.schedule.decay-pairs=4");
        try (BicycleGan model = freshModel(settings)) {
            double[] rates = IntStream.range(0, 4)
                    .mapToDouble(i -> trainOnNoise(model).learningRate())
                    .toArray();

            assertThat(rates).usingComparatorWithPrecision(1e-12).containsExactly(2e-4, 2e-4, 1e-4, 0.0);
        }
    }

    /** Noise of small amplitude around a constant. */
    private static Tensor almostConstant(Shape shape, float constant) {
        Tensor images = Noise.gaussian(shape, 1, "image");
        for (int i = 0; i < images.data().length; i++) {
            images.data()[i] = constant + 0.02f * images.data()[i];
        }
        return images;
    }
}
