package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings.LossWeights;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Branch;
import dev.tandem.model.train.DiscriminatorPhase;
import dev.tandem.model.train.GeneratorPhase;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.Objective;
import dev.tandem.model.train.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradients of whole phases, compared with central differences of their losses, in double precision. */
public abstract class PhaseGradientsConformance extends EngineConformance {
    private static final int BATCH = 2;
    private static final long SEED = 11;
    /** Exact in float32 next to the weights of {@link #spread}, and so small that few steps cross a kink. */
    private static final double STEP = 1.0 / (1 << 22);

    protected PhaseGradientsConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.image-size=32",
                "model.image-size=32 model.generator.latent-injection=input model.generator.upsample=bilinear",
                "model.image-size=32 model.norm=batch model.generator.activation=elu",
                "model.image-size=32 model.generator.latent-injection=modulation model.norm=group",
                "model.preset=tandem model.image-size=32",
                "model.image-size=32 model.norm=none model.encoder.type=conv train.gan-mode=vanilla",
                "model.image-size=32 model.discriminator.conditional=true model.discriminator.shared=true",
                "model.preset=seed model.image-size=64",
            })
    void generatorPhase_completeLoss_matchesCentralDifferences(String assignments) {
        List<String> all = new ArrayList<>(List.of(assignments.split(" ")));
        all.addAll(List.of("model.width=2", "model.latent=3"));
        Settings settings = TestSettings.tiny(all.toArray(String[]::new));
        Networks networks = Networks.of(settings);
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Weights weights = Weights.initialised(engine, networks, SEED);
            spread(weights);
            // The latent term does not train E, so differences of a loss with that term would not match E's gradient.
            Objective objective = Objective.of(settings);
            Program withoutLatentTerm = engine.compile(
                    new GeneratorPhase(networks, weights, objective.with(new LossWeights(10, 0.01, 0, 1, 1)), BATCH));
            check(withoutLatentTerm, inputs(networks), weights.of(Member.ENCODER));
            check(withoutLatentTerm, inputs(networks), weights.of(Member.GENERATOR));

            Program complete = engine.compile(new GeneratorPhase(networks, weights, objective, BATCH));
            check(complete, inputs(networks), weights.of(Member.GENERATOR));
        }
    }

    @ParameterizedTest
    @CsvSource({"model.image-size=32", "model.norm=batch", "model.norm=none"})
    void discriminatorPhase_loss_matchesCentralDifferences(String assignment) {
        Settings settings = TestSettings.tiny("model.width=2", assignment);
        Networks networks = Networks.of(settings);
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Weights weights = Weights.initialised(engine, networks, SEED);
            spread(weights);
            Program program = engine.compile(new DiscriminatorPhase(
                    networks, weights, Objective.of(settings), Member.D_VAE, List.of(Branch.VAE), BATCH));

            check(
                    program,
                    Map.of("b", images(networks, "real"), "fakeVae", images(networks, "fake")),
                    weights.of(Member.D_VAE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"train.gan-mode=wgangp", "train.loss.lambda-r1=2"})
    void discriminatorPhase_secondDerivatives_matchCentralDifferences(String assignment) {
        // Engines without second derivatives reject these losses: ParityConformance.
        assumeTrue(engineUnderTest().provider().hasSecondDerivatives(), "the engine has no second derivatives");
        Settings settings = TestSettings.tiny("model.width=2", "model.image-size=32", assignment);
        Networks networks = Networks.of(settings);
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Weights weights = Weights.initialised(engine, networks, SEED);
            spread(weights);
            Program program = engine.compile(new DiscriminatorPhase(
                    networks, weights, Objective.of(settings), Member.D_VAE, List.of(Branch.VAE), BATCH));
            Map<String, Tensor> inputs =
                    new HashMap<>(Map.of("b", images(networks, "real"), "fakeVae", images(networks, "fake")));
            if (program.inputs().containsKey("shareVae")) {
                inputs.put("shareVae", Tensor.of(Shape.of(BATCH, 1), 0.25f, 0.75f));
            }

            check(program, inputs, weights.of(Member.D_VAE));
        }
    }

    /** Checks two elements of every parameter. */
    private static void check(Program program, Map<String, Tensor> inputs, Variables variables) {
        Random random = new Random(SEED);
        program.differentiate(inputs);
        Map<String, Tensor> gradients = new HashMap<>();
        variables.specs().forEach(spec -> gradients.put(spec.name(), variables.read(Kind.GRADIENT, spec.name())));
        CentralDifference difference = new CentralDifference(program, inputs, variables, STEP);
        for (ParameterSpec spec :
                variables.specs().stream().filter(ParameterSpec::trainable).toList()) {
            for (int i = 0; i < 2; i++) {
                int element = random.nextInt(spec.shape().size());
                double expected = difference.by(spec, element);
                assertThat((double) gradients.get(spec.name()).data()[element])
                        .as("gradient of %s[%d], seed %d", spec.name(), element, SEED)
                        .isCloseTo(expected, within(1e-6 + 1e-4 * Math.abs(expected)));
            }
        }
    }

    /** Writes weights on a grid, larger than initial ones: those put most activations near the kink at 0. */
    private static void spread(Weights weights) {
        Random random = new Random(SEED);
        // In the order of the enum: the order of the map differs from run to run.
        for (Member member : Member.values()) {
            weights.find(member).ifPresent(variables -> spread(variables, random));
        }
    }

    private static void spread(Variables variables, Random random) {
        for (ParameterSpec spec : variables.specs()) {
            float[] data = new float[spec.shape().size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = Math.round(random.nextGaussian() * 0.3 * (1 << 12)) / (float) (1 << 12);
            }
            variables.write(Kind.VALUE, spec.name(), new Tensor(spec.shape(), data));
        }
    }

    private static Map<String, Tensor> inputs(Networks networks) {
        return Map.of(
                "a", images(networks, "a"),
                "b", images(networks, "b"),
                "noise", Noise.gaussian(networks.latentShape(BATCH), SEED, "noise"),
                "z", Noise.gaussian(networks.latentShape(BATCH), SEED, "z"));
    }

    private static Tensor images(Networks networks, String purpose) {
        return Noise.gaussian(networks.outputShape(BATCH), SEED, purpose);
    }
}
