package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.model.Goldens;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.engine.nd4j.Nd4jBackend;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.network.Pass;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.TrainStep.Draws;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks, losses, gradients and updates against PyTorch's; docs/parity.md has the errors this prints. */
class ParityTest {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-3;
    private static final double UPDATE = 1e-5;
    private static final String MEAN = "running_mean";
    private static final double STEP_SIZE = 2e-4;
    /** Gradients smaller than this share of a network's largest are held to it: sums in float32 end there. */
    private static final double SMALL = 3e-3;
    /** An element that moves by less than this share of Adam's step size has no gradient but noise. */
    private static final double UNMOVED = 1e-2;

    /** The settings the goldens were made with. */
    private static Settings settings(String preset) {
        return preset.equals("seed")
                ? tiny("model.preset=seed")
                : TestSettings.tiny("model.width=2", "model.latent=3", "train.batch-size=4");
    }

    private static Settings tiny(String... assignments) {
        List<String> all = new ArrayList<>(List.of("model.width=2", "train.batch-size=4", "model.latent=3"));
        for (String assignment : assignments) {
            if (assignment.equals("model.preset=seed")) {
                all.addAll(List.of("model.image-size=64", "train.batch-size=3", "model.latent=2"));
            }
        }
        all.addAll(List.of(assignments));
        return TestSettings.tiny(all.toArray(String[]::new));
    }

    /** A model with the goldens' first weights. */
    private static final class Subject implements AutoCloseable {
        private final Settings settings;
        private final Networks networks;
        private final Engine engine;
        private final Weights weights;

        Subject(Settings settings) {
            this.settings = settings;
            this.networks = Networks.of(settings);
            this.engine = Nd4jBackend.open(settings.model().device());
            this.weights = Weights.initialised(engine, networks, 0);
            weights.members()
                    .forEach((member, variables) -> variables
                            .specs()
                            .forEach(spec -> variables.write(
                                    Kind.VALUE,
                                    spec.name(),
                                    Goldens.firstValue(member.key() + "." + spec.name(), spec.shape()))));
        }

        int batch() {
            return settings.train().batchSize();
        }

        TrainStep trainStep() {
            return new TrainStep(engine, networks, weights, settings, batch());
        }

        Tensor a(String number) {
            return Goldens.uniform("a." + number, networks.inputs(batch()));
        }

        Tensor b(String number) {
            return Goldens.uniform("b." + number, networks.outputs(batch()));
        }

        /** Parameters or gradients by their names in checkpoints. */
        Map<String, Tensor> read(Kind kind) {
            Map<String, Tensor> tensors = new TreeMap<>();
            weights.members()
                    .forEach((member, variables) -> variables.specs().stream()
                            .filter(spec -> kind == Kind.VALUE || spec.learnt())
                            .forEach(spec ->
                                    tensors.put(member.key() + "." + spec.name(), variables.read(kind, spec.name()))));
            return tensors;
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private record FormulaDraws(String step) implements Draws {
        @Override
        public Tensor latent(String name, Shape shape) {
            Tensor uniform = Goldens.uniform(name + "." + step, shape);
            for (int i = 0; i < uniform.data().length; i++) {
                uniform.data()[i] *= 2;
            }
            return uniform;
        }

        @Override
        public Tensor mask(String name, Shape shape, double share) {
            Tensor uniform = Goldens.uniform(name + "." + step, shape);
            for (int i = 0; i < uniform.data().length; i++) {
                uniform.data()[i] = (uniform.data()[i] + 1) / 2 < share ? 0 : (float) (1 / (1 - share));
            }
            return uniform;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper", "seed"})
    void sampling_firstWeights_isPyTorchsEvaluation(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        try (Subject subject = new Subject(settings(preset))) {
            Tensor z = new FormulaDraws("sample").latent("z", subject.networks.latents(subject.batch()));
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

            Report report = new Report(preset + ", sampling");
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
        try (Subject subject = new Subject(settings(preset))) {
            int branch = subject.settings.train().splitBatch() ? subject.batch() / 2 : subject.batch();
            Draws draws = new FormulaDraws("0");
            Results results = subject.engine
                    .compile(new GeneratorPhase(
                            subject.networks, subject.weights, Objective.of(subject.settings), branch))
                    .run(Map.of(
                            "a", subject.a("0").rows(0, branch),
                            "b", subject.b("0").rows(0, branch),
                            "noise", draws.latent("noise", subject.networks.latents(branch)),
                            "z", draws.latent("z", subject.networks.latents(branch))));

            Report report = new Report(preset + ", training");
            report.checkForward("fake.vae", golden.get("vae"), results.tensor("fakeVae"));
            report.checkForward("fake.lr", golden.get("lr"), results.tensor("fakeLr"));
            report.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper", "seed"})
    void fiveSteps_firstWeights_arePyTorchs(String preset) {
        Map<String, Tensor> golden = Goldens.tensors(preset + ".safetensors");
        try (Subject subject = new Subject(settings(preset))) {
            TrainStep step = subject.trainStep();
            for (int number = 0; number < 5; number++) {
                Tensor a = subject.a(Integer.toString(number));
                Tensor b = subject.b(Integer.toString(number));
                Draws draws = new FormulaDraws(Integer.toString(number));
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
        try (Subject subject = new Subject(tiny(option.path("settings").asText().split(" ")))) {
            StepReport report =
                    subject.trainStep().differentiate(subject.a("0"), subject.b("0"), new FormulaDraws("0"), STEP_SIZE);
            Map<String, Double> losses = losses(report);
            Report errors = new Report("options, " + option.path("name").asText());
            option.path("losses").properties().forEach(loss -> {
                double expected = loss.getValue().asDouble();
                errors.check(
                        loss.getKey(), Math.abs(losses.remove(loss.getKey()) - expected) / Math.abs(expected), FORWARD);
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
            Pass<T> pass = Pass.applying(graph.ops(), graph.frozen(weights.of(Member.D_VAE)));
            List<T> maps = networks.discriminator().forward(pass, graph.input("seen", networks.judged(batch)));
            Map<String, T> named = new TreeMap<>();
            for (int i = 0; i < maps.size(); i++) {
                named.put("map." + i, maps.get(i));
            }
            return new Outputs<>(Map.of(), named);
        }
    }

    private static void checkLosses(String preset, int number, Map<String, Tensor> golden, StepReport step) {
        Map<String, Double> losses = losses(step);
        Report report = new Report(preset + ", losses of step " + (number + 1));
        golden.forEach((name, expected) -> report.check(
                name, Math.abs(losses.get(name) - expected.data()[0]) / Math.abs(expected.data()[0]), FORWARD));
        report.finish();
    }

    private static void checkGradients(String preset, Map<String, Tensor> golden, Map<String, Tensor> found) {
        assertThat(found.keySet()).isEqualTo(golden.keySet());
        double scale =
                golden.values().stream().mapToDouble(ParityTest::length).max().orElseThrow();
        Report report = new Report(preset + ", gradients");
        golden.forEach((name, expected) ->
                report.checkGradient(name, length(difference(expected, found.get(name))), length(expected), scale));
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
        Report report = new Report(title);
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

    /** The largest error of a group, which is printed; whatever is too large fails. */
    private static final class Report {
        private final String title;
        private final List<String> tooLarge = new ArrayList<>();
        private String worst = "";
        private double largest;

        Report(String title) {
            this.title = title;
        }

        void check(String name, double error, double allowed) {
            if (!(error <= allowed)) {
                tooLarge.add(String.format("%s: %.2g instead of at most %.0g", name, error, allowed));
            }
            if (error >= largest) {
                largest = error;
                worst = name;
            }
        }

        /** Of the first image; the goldens have no more. */
        void checkForward(String name, Tensor expected, Tensor found) {
            check(name, largest(difference(expected, found.rows(0, 1))) / largest(expected), FORWARD);
        }

        void checkGradient(String name, double error, double length, double scale) {
            check(name, error / Math.max(length, SMALL * scale), GRADIENT);
        }

        void finish() {
            System.out.printf("parity | %s | %.1e | %s%n", title, largest, worst);
            assertThat(tooLarge).as(title).isEmpty();
        }
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

    private static Tensor difference(Tensor a, Tensor b) {
        assertThat(b.shape()).isEqualTo(a.shape());
        float[] data = new float[a.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = a.data()[i] - b.data()[i];
        }
        return new Tensor(a.shape(), data);
    }

    private static double length(Tensor tensor) {
        return Math.sqrt(product(tensor, tensor));
    }

    private static double product(Tensor a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (float value : tensor.data()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
