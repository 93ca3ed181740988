package dev.tandem.model.train;

import static dev.tandem.model.train.ParityReport.difference;
import static dev.tandem.model.train.ParityReport.length;
import static dev.tandem.model.train.ParityReport.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.model.Goldens;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.TrainStep.RandomInputs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks, losses, gradients and updates against PyTorch's; docs/reference/parity.md has the errors this prints. */
class ParityTest {
    private static final double UPDATE = 1e-5;
    private static final String MEAN = "running_mean";
    private static final double STEP_SIZE = 2e-4;
    /** An element that moves by less than this share of Adam's step size has no gradient but noise. */
    private static final double UNMOVED = 1e-2;

    @ParameterizedTest
    @ValueSource(strings = {"paper", "seed"})
    void sampling_firstWeights_isPyTorchsEvaluation(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        try (ParitySubject subject = new ParitySubject(ParitySubject.tiny("model.preset=" + preset))) {
            Tensor z = new ParitySubject.FormulaDraws("sample").latent("z", subject.networks.latents(subject.batch()));
            Tensor a = subject.a("sample");
            Map<String, Tensor> found = new TreeMap<>();
            SamplePhase sample =
                    new SamplePhase(subject.networks, subject.weights.of(Member.GENERATOR), subject.batch());
            found.put(
                    "sample",
                    subject.engine.compile(sample).run(Map.of("a", a, "z", z)).tensor("b"));
            EncodePhase encode = new EncodePhase(subject.networks, subject.weights.of(Member.ENCODER), subject.batch());
            Results encoded = subject.engine.compile(encode).run(Map.of("b", subject.b("sample")));
            found.put("mu", encoded.tensor("mu"));
            found.put("logvar", encoded.tensor("logVariance"));
            JudgePhase judge = new JudgePhase(subject.networks, subject.weights, subject.batch());
            subject.engine
                    .compile(judge)
                    .run(Map.of("seen", found.get("sample")))
                    .tensors()
                    .forEach(found::put);

            ParityReport report = new ParityReport(preset + ", sampling");
            within(golden, "sampling.").forEach((name, expected) -> {
                report.checkForward(name, expected, found.get(name));
            });
            report.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper", "seed"})
    void training_firstWeights_makesPyTorchsFakes(String preset) {
        Map<String, Tensor> golden = within(Goldens.tensors(preset + ".safetensors"), "fake.");
        try (ParitySubject subject = new ParitySubject(ParitySubject.tiny("model.preset=" + preset))) {
            int branch = subject.settings.train().splitBatch() ? subject.batch() / 2 : subject.batch();
            RandomInputs draws = new ParitySubject.FormulaDraws("0");
            Results results = subject.engine
                    .compile(new GeneratorPhase(
                            subject.networks, subject.weights, Objective.of(subject.settings), branch))
                    .run(Map.of(
                            "a", subject.a("0").rows(0, branch),
                            "b", subject.b("0").rows(0, branch),
                            "noise", draws.latent("noise", subject.networks.latents(branch)),
                            "z", draws.latent("z", subject.networks.latents(branch))));

            ParityReport report = new ParityReport(preset + ", training");
            report.checkForward("fake.vae", golden.get("vae"), results.tensor("fakeVae"));
            report.checkForward("fake.lr", golden.get("lr"), results.tensor("fakeLr"));
            report.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper", "seed"})
    void fiveSteps_firstWeights_arePyTorchs(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        try (ParitySubject subject = new ParitySubject(ParitySubject.tiny("model.preset=" + preset))) {
            TrainStep step = subject.trainStep();
            for (int number = 0; number < 5; number++) {
                Tensor a = subject.a(Integer.toString(number));
                Tensor b = subject.b(Integer.toString(number));
                RandomInputs draws = new ParitySubject.FormulaDraws(Integer.toString(number));
                if (number == 0) {
                    step.differentiate(a, b, draws, STEP_SIZE);
                    checkGradients(preset, within(golden, "gradient."), subject.read(Kind.GRADIENT));
                }
                checkLosses(preset, number, within(golden, "loss." + number + "."), step.take(a, b, draws, STEP_SIZE));
                if (number == 0 || number == 4) {
                    String after = "after" + (number + 1);
                    checkParameters(
                            preset + ", " + after, number + 1, within(golden, after + "."), subject.read(Kind.VALUE));
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> options_firstStep_isPyTorchs() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(Goldens.file("options.json").toFile());
        return StreamSupport.stream(cases.spliterator(), false)
                .map(option -> DynamicTest.dynamicTest(option.path("name").asText(), () -> checkOption(option)));
    }

    private static void checkOption(JsonNode option) {
        try (ParitySubject subject = new ParitySubject(
                ParitySubject.tiny(option.path("settings").asText().split(" ")))) {
            StepReport report = subject.trainStep()
                    .differentiate(subject.a("0"), subject.b("0"), new ParitySubject.FormulaDraws("0"), STEP_SIZE);
            Map<String, Double> losses = losses(report);
            ParityReport errors =
                    new ParityReport("options, " + option.path("name").asText());
            option.path("losses").properties().forEach(loss -> {
                double expected = loss.getValue().asDouble();
                errors.check(
                        loss.getKey(),
                        Math.abs(losses.remove(loss.getKey()) - expected) / Math.abs(expected),
                        ParityReport.FORWARD);
            });
            assertThat(losses.values()).as("losses the objective has not").allMatch(value -> value == 0);
            Map<String, Tensor> gradients = subject.read(Kind.GRADIENT);
            Map<String, Double> lengths = new TreeMap<>();
            option.path("gradients")
                    .properties()
                    .forEach(gradient -> lengths.put(
                            gradient.getKey(), gradient.getValue().path(0).asDouble()));
            option.path("gradients").properties().forEach(gradient -> {
                Tensor found = gradients.get(gradient.getKey());
                double length = gradient.getValue().path(0).asDouble();
                Tensor direction = Goldens.uniform("direction." + gradient.getKey(), found.shape());
                double byLength = Math.abs(length(found) - length);
                double byDirection = Math.abs(
                        product(found, direction) - gradient.getValue().path(1).asDouble());
                errors.checkGradient(
                        gradient.getKey(),
                        Math.max(byLength, byDirection),
                        length,
                        largestOfTheNetwork(lengths, gradient.getKey()));
            });
            errors.finish();
        }
    }

    /** A discriminator as it is applied. */
    private record JudgePhase(Networks networks, Weights weights, int batch) implements Phase {
        @Override
        public String name() {
            return "judge";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            ForwardPass<T> pass = ForwardPass.inference(graph.ops(), graph.frozen(weights.of(Member.D_VAE)));
            List<T> maps =
                    networks.discriminator().forward(pass, graph.input("seen", networks.discriminatorInputs(batch)));
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
        golden.forEach((name, expected) -> report.check(
                name,
                Math.abs(losses.get(name) - expected.data()[0]) / Math.abs(expected.data()[0]),
                ParityReport.FORWARD));
        report.finish();
    }

    private static void checkGradients(String preset, Map<String, Tensor> golden, Map<String, Tensor> found) {
        assertThat(found.keySet()).isEqualTo(golden.keySet());
        Map<String, Double> lengths = new TreeMap<>();
        golden.forEach((name, gradient) -> lengths.put(name, length(gradient)));
        ParityReport report = new ParityReport(preset + ", gradients");
        golden.forEach((name, expected) -> report.checkGradient(
                name,
                length(difference(expected, found.get(name))),
                lengths.get(name),
                largestOfTheNetwork(lengths, name)));
        report.finish();
    }

    /**
     * Relative length of the difference. Where there is no gradient (biases before a norm, weights of a tiled latent that
     * a norm takes out again) Adam turns rounding noise into steps of its full size, in PyTorch as well, and a running
     * mean takes in the bias before it: of those elements no more is asked.
     */
    private static void checkParameters(
            String title, int steps, Map<String, Tensor> golden, Map<String, Tensor> found) {
        assertThat(found.keySet()).isEqualTo(golden.keySet());
        ParityReport report = new ParityReport(title);
        golden.forEach((name, expected) -> {
            float[] first = Goldens.firstValue(name, expected.shape()).data();
            float[] actual = found.get(name).data().clone();
            boolean takesInABias = name.endsWith(MEAN) && golden.containsKey(name.replace(".norm." + MEAN, ".bias"));
            for (int i = 0; i < actual.length; i++) {
                double moved = Math.abs(expected.data()[i] - first[i]);
                if (takesInABias || !name.contains("running") && moved < UNMOVED * steps * STEP_SIZE) {
                    assertThat((double) Math.abs(actual[i] - expected.data()[i]))
                            .as(name)
                            .isLessThan(steps * STEP_SIZE);
                    actual[i] = expected.data()[i];
                }
            }
            Tensor difference = difference(expected, new Tensor(expected.shape(), actual));
            report.check(name, length(difference) / length(expected), UPDATE);
        });
        report.finish();
    }

    private static double largestOfTheNetwork(Map<String, Double> lengths, String name) {
        String network = name.substring(0, name.indexOf('.') + 1);
        return lengths.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(network))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElseThrow();
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

    private static Map<String, Tensor> within(Map<String, Tensor> all, String prefix) {
        Map<String, Tensor> some = new TreeMap<>();
        all.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), tensor);
            }
        });
        return some;
    }
}
