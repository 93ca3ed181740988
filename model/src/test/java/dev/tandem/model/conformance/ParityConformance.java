package dev.tandem.model.conformance;

import static dev.tandem.model.conformance.ParityReport.difference;
import static dev.tandem.model.conformance.ParityReport.dot;
import static dev.tandem.model.conformance.ParityReport.norm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.model.Goldens;
import dev.tandem.model.conformance.GoldenModel.FormulaRandomInputs;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.GeneratorPhase;
import dev.tandem.model.train.Objective;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.TrainStep;
import dev.tandem.model.train.TrainStep.RandomInputs;
import dev.tandem.model.train.Weights;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks, losses, gradients and updates, compared with PyTorch's (the goldens). It prints the errors, which
 * docs/reference/parity.md lists.
 */
public abstract class ParityConformance extends EngineConformance {
    private static final double DOUBLE_PRECISION_TOLERANCE = 1e-6;
    private static final double UPDATE_TOLERANCE = 1e-5;
    private static final double LEARNING_RATE = 2e-4;
    private static final String RUNNING_MEAN = "running_mean";
    /** An element that moves by less than this share of the learning rate per step has no gradient but rounding noise. */
    private static final double MIN_UPDATE_SHARE = 1e-2;

    protected ParityConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tandem", "paper", "seed"})
    void sampling_initialWeights_matchesPyTorch(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        try (GoldenModel model = open("model.preset=" + preset)) {
            Tensor z = new FormulaRandomInputs("sample")
                    .latent("z", model.networks().latentShape(model.batch()));
            Tensor sample = model.sampler().translate(model.a("sample"), z);
            Posterior<Tensor> posterior = model.sampler().encode(model.b("sample"));
            Map<String, Tensor> actual =
                    new TreeMap<>(Map.of("sample", sample, "mu", posterior.mu(), "logvar", posterior.logVariance()));
            model.engine()
                    .compile(new DiscriminatorScores(model.networks(), model.weights(), model.batch()))
                    .run(Map.of("images", model.discriminatorInput(model.a("sample"), sample)))
                    .tensors()
                    .forEach((name, tensor) -> actual.put(name, tensor.read()));

            ParityReport report = new ParityReport(preset + ", sampling");
            below("sampling.", golden)
                    .forEach((name, expected) -> report.checkForward(name, expected, actual.get(name)));
            report.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tandem", "paper", "seed"})
    void training_initialWeights_generatesPyTorchsFakes(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        String batch = GoldenModel.batchOfStep(0, golden);
        try (GoldenModel model = open("model.preset=" + preset)) {
            int branch = model.settings().train().splitBatch() ? model.batch() / 2 : model.batch();
            RandomInputs random = new FormulaRandomInputs(batch);
            Results results = model.engine()
                    .compile(new GeneratorPhase(
                            model.networks(), model.weights(), Objective.of(model.settings()), branch))
                    .run(Map.of(
                            "a", model.a(batch).rows(0, branch),
                            "b", model.b(batch).rows(0, branch),
                            "noise", random.latent("noise", model.networks().latentShape(branch)),
                            "z", random.latent("z", model.networks().latentShape(branch))));

            ParityReport report = new ParityReport(preset + ", training");
            report.checkForward("fake.vae", golden.get("fake.vae"), results.tensor("fakeVae"));
            report.checkForward("fake.lr", golden.get("fake.lr"), results.tensor("fakeLr"));
            report.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tandem", "paper", "seed"})
    void fiveSteps_initialWeights_matchPyTorch(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        try (GoldenModel model = open("model.preset=" + preset)) {
            TrainStep step = model.trainStep();
            for (int number = 0; number < 5; number++) {
                String batch = GoldenModel.batchOfStep(number, golden);
                Tensor a = model.a(batch);
                Tensor b = model.b(batch);
                RandomInputs random = new FormulaRandomInputs(batch);
                if (number == 0) {
                    step.differentiate(a, b, random, LEARNING_RATE);
                    checkGradients(preset, below("gradient.", golden), model.read(Kind.GRADIENT));
                }
                StepReport report = step.take(a, b, random, LEARNING_RATE);
                checkLosses(preset, number, below("loss." + number + ".", golden), report);
                if (number == 0 || number == 4) {
                    String after = "after" + (number + 1);
                    checkParameters(
                            preset + ", " + after, number + 1, below(after + ".", golden), model.read(Kind.VALUE));
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> options_firstStep_matchesPyTorch() throws IOException {
        return options((name, option) ->
                checkOption(option, engineUnderTest().open(), engineUnderTest().gradientTolerance(name)));
    }

    @TestFactory
    Stream<DynamicTest> options_firstStepInDoublePrecision_matchesPyTorch() throws IOException {
        return options((name, option) ->
                checkOption(option, engineUnderTest().openDoublePrecision(), DOUBLE_PRECISION_TOLERANCE));
    }

    private static Stream<DynamicTest> options(BiConsumer<String, JsonNode> check) throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(Goldens.file("options.json").toFile());
        return StreamSupport.stream(cases.spliterator(), false).map(option -> {
            String name = option.path("name").asText();
            return DynamicTest.dynamicTest(name, () -> check.accept(name, option));
        });
    }

    private void checkOption(JsonNode option, Engine engine, double gradientTolerance) {
        try (GoldenModel model =
                GoldenModel.open(engine, option.path("settings").asText().split(" "))) {
            if (model.settings().train().needsSecondDerivatives()
                    && !engineUnderTest().provider().hasSecondDerivatives()) {
                assertThatThrownBy(model::trainStep)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("this engine has no second derivatives");
                return;
            }
            StepReport step = model.trainStep()
                    .differentiate(model.a("0"), model.b("0"), new FormulaRandomInputs("0"), LEARNING_RATE);
            ParityReport report =
                    new ParityReport("options, " + option.path("name").asText(), gradientTolerance);
            Map<String, Double> losses = losses(step);
            option.path("losses")
                    .properties()
                    .forEach(loss ->
                            report.checkLoss(loss.getKey(), loss.getValue().asDouble(), losses.remove(loss.getKey())));
            assertThat(losses.values())
                    .as("losses that the objective does not have")
                    .allMatch(value -> value == 0);
            checkGradientSketches(report, option.path("gradients"), model.read(Kind.GRADIENT));
            report.finish();
        }
    }

    /** Compares gradients by the two numbers of each that the goldens have: norm, and product with a fixed direction. */
    private static void checkGradientSketches(ParityReport report, JsonNode sketches, Map<String, Tensor> gradients) {
        Map<String, Double> norms = new TreeMap<>();
        sketches.properties()
                .forEach(sketch ->
                        norms.put(sketch.getKey(), sketch.getValue().path(0).asDouble()));
        sketches.properties().forEach(sketch -> {
            String name = sketch.getKey();
            Tensor gradient = gradients.get(name);
            Tensor direction = Goldens.uniform("direction." + name, gradient.shape());
            double byNorm = Math.abs(norm(gradient) - norms.get(name));
            double byDirection = Math.abs(
                    dot(gradient, direction) - sketch.getValue().path(1).asDouble());
            report.checkGradient(name, Math.max(byNorm, byDirection), norms);
        });
    }

    /** D_VAE without gradients: {@code images} (N, C', H, W) to one map of scores per scale, {@code map.SCALE}. */
    private record DiscriminatorScores(Networks networks, Weights weights, int batch) implements Phase {
        @Override
        public String name() {
            return "discriminator scores";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            ForwardPass<T> pass = ForwardPass.inference(graph.ops(), graph.frozen(weights.of(Member.D_VAE)));
            List<T> maps = networks.discriminator()
                    .forward(pass, graph.input("images", networks.discriminatorInputShape(batch)));
            Map<String, T> named = new TreeMap<>();
            for (int i = 0; i < maps.size(); i++) {
                named.put("map." + i, maps.get(i));
            }
            return new Outputs<>(Map.of(), named);
        }
    }

    private static void checkLosses(String preset, int number, Map<String, Tensor> golden, StepReport step) {
        Map<String, Double> losses = losses(step);
        ParityReport report = new ParityReport(preset + ", losses of step " + (number + 1));
        golden.forEach((name, expected) -> report.checkLoss(name, expected.data()[0], losses.get(name)));
        report.finish();
    }

    private static void checkGradients(String preset, Map<String, Tensor> golden, Map<String, Tensor> actual) {
        assertThat(actual.keySet()).isEqualTo(golden.keySet());
        Map<String, Double> norms = new TreeMap<>();
        golden.forEach((name, gradient) -> norms.put(name, norm(gradient)));
        ParityReport report = new ParityReport(preset + ", gradients");
        golden.forEach(
                (name, expected) -> report.checkGradient(name, norm(difference(expected, actual.get(name))), norms));
        report.finish();
    }

    /**
     * Compares parameters by the relative norm of the difference.
     *
     * <p>Elements without a gradient are an exception: biases before a norm, and weights of a tiled latent that a norm
     * cancels. Adam turns their rounding noise into steps of full size, in PyTorch as well, and a running mean includes the
     * bias before it. Those elements only have to stay within the steps taken.
     */
    private static void checkParameters(
            String title, int steps, Map<String, Tensor> golden, Map<String, Tensor> actual) {
        assertThat(actual.keySet()).isEqualTo(golden.keySet());
        ParityReport report = new ParityReport(title);
        golden.forEach((name, expected) -> {
            float[] initial = Goldens.initialValue(name, expected.shape()).data();
            float[] values = actual.get(name).data().clone();
            boolean includesABias =
                    name.endsWith(RUNNING_MEAN) && golden.containsKey(name.replace(".norm." + RUNNING_MEAN, ".bias"));
            for (int i = 0; i < values.length; i++) {
                double update = Math.abs(expected.data()[i] - initial[i]);
                boolean noise = !name.contains("running") && update < MIN_UPDATE_SHARE * steps * LEARNING_RATE;
                if (includesABias || noise) {
                    assertThat((double) Math.abs(values[i] - expected.data()[i]))
                            .as(name)
                            .isLessThan(steps * LEARNING_RATE);
                    values[i] = expected.data()[i];
                }
            }
            Tensor difference = difference(expected, new Tensor(expected.shape(), values));
            report.check(name, norm(difference) / norm(expected), UPDATE_TOLERANCE);
        });
        report.finish();
    }

    private static Map<String, Double> losses(StepReport report) {
        StepLosses losses = report.losses();
        return new TreeMap<>(Map.of(
                "gan", losses.gan(),
                "ganLr", losses.ganLr(),
                "l1", losses.l1(),
                "kl", losses.kl(),
                "latent", losses.latent(),
                "dVae", losses.dVae(),
                "dLr", losses.dLr()));
    }

    /** The tensors whose names begin with a prefix, by the rest of their names. */
    private static Map<String, Tensor> below(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> selected = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                selected.put(name.substring(prefix.length()), tensor);
            }
        });
        return selected;
    }

    private GoldenModel open(String... assignments) {
        return GoldenModel.open(engineUnderTest().open(), assignments);
    }
}
