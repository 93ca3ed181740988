package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.model.Goldens;
import dev.tandem.model.conformance.GoldenModel.FormulaRandomInputs;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.TrainStep;
import dev.tandem.model.train.TrainStep.RandomInputs;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Training in each precision that the engine has on its device, compared with the goldens, which are in double precision. The
 * tolerances are larger than in {@link ParityConformance}: bfloat16 has 8 significant bits.
 */
public abstract class PrecisionConformance extends EngineConformance {
    private static final double LEARNING_RATE = 2e-4;

    /** The largest relative error of a loss in five steps. */
    private static final Map<Precision, Double> LOSS_TOLERANCES =
            Map.of(Precision.FP32, 1e-5, Precision.TF32, 1e-2, Precision.BF16, 5e-2);

    /** The largest relative error of the gradient of a network. Networks of width 2, as here, average little of it out. */
    private static final Map<Precision, Double> GRADIENT_TOLERANCES =
            Map.of(Precision.FP32, 1e-3, Precision.TF32, 5e-2, Precision.BF16, 0.5);

    protected PrecisionConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @TestFactory
    Stream<DynamicTest> fiveSteps_eachPrecision_matchPyTorchWithinItsTolerance() {
        return Stream.of("paper", "seed")
                .flatMap(preset -> precisions()
                        .map(precision -> DynamicTest.dynamicTest(
                                preset + ", " + precision, () -> checkSteps(preset, precision))));
    }

    private Stream<Precision> precisions() {
        return engineUnderTest().provider().support(engineUnderTest().device()).precisions().stream()
                .sorted();
    }

    /** Reports all deviations, so that one run on a GPU shows every failure. */
    private void checkSteps(String preset, Precision precision) {
        SoftAssertions.assertSoftly(softly -> checkSteps(preset, precision, softly));
    }

    private void checkSteps(String preset, Precision precision, SoftAssertions softly) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        EngineOptions options = EngineOptions.on("conformance kit").with(precision);
        try (GoldenModel model = GoldenModel.open(engineUnderTest().open(options), "model.preset=" + preset)) {
            TrainStep step = model.trainStep();
            for (int number = 0; number < 5; number++) {
                String batch = GoldenModel.batchOfStep(number, golden);
                RandomInputs random = new FormulaRandomInputs(batch);
                if (number == 0) {
                    step.differentiate(model.a(batch), model.b(batch), random, LEARNING_RATE);
                    checkGradients(softly, preset, precision, golden, model.read(Kind.GRADIENT));
                }
                StepLosses losses = step.take(model.a(batch), model.b(batch), random, LEARNING_RATE)
                        .losses();
                checkLoss(softly, precision, "loss." + number + ".l1", golden, losses.l1());
                checkLoss(softly, precision, "loss." + number + ".kl", golden, losses.kl());
                checkLoss(softly, precision, "loss." + number + ".gan", golden, losses.gan());
                checkLoss(softly, precision, "loss." + number + ".dLr", golden, losses.dLr());
            }
        }
    }

    private static void checkLoss(
            SoftAssertions softly, Precision precision, String name, Map<String, Tensor> golden, double actual) {
        double loss = golden.get(name).data()[0];
        softly.assertThat(actual).as(name).isCloseTo(loss, within(LOSS_TOLERANCES.get(precision) * Math.abs(loss)));
    }

    /** Compares the gradient of each network as one vector: that is the direction in which its weights move. */
    private static void checkGradients(
            SoftAssertions softly,
            String preset,
            Precision precision,
            Map<String, Tensor> golden,
            Map<String, Tensor> actual) {
        for (String network : new String[] {"generator.", "encoder.", "d_vae.", "d_lr."}) {
            Map<String, Double> differences = new TreeMap<>();
            double norm = 0;
            for (Map.Entry<String, Tensor> gradient : actual.entrySet()) {
                if (gradient.getKey().startsWith(network)) {
                    Tensor expected = golden.get("gradient." + gradient.getKey());
                    Tensor distance = ParityReport.difference(expected, gradient.getValue());
                    differences.put(gradient.getKey(), ParityReport.dot(distance, distance));
                    norm += ParityReport.dot(expected, expected);
                }
            }
            double difference = differences.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            double error = Math.sqrt(difference / norm);
            System.out.printf(
                    Locale.ROOT, "precision | %s | %s | gradient of %s | %.1e%n", preset, precision, network, error);
            differences.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(worst -> System.out.printf(
                            Locale.ROOT,
                            "precision | %s | %s | %.0f%% of the squared error in %s%n",
                            preset,
                            precision,
                            100 * worst.getValue() / difference,
                            worst.getKey()));
            softly.assertThat(error).as("gradient of " + network).isLessThan(GRADIENT_TOLERANCES.get(precision));
        }
    }
}
