package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings.LossWeights;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Branch;
import dev.tandem.model.train.DiscriminatorPhase;
import dev.tandem.model.train.GeneratorPhase;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.Objective;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.Trainer;
import dev.tandem.model.train.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the gradient routing table: which networks a loss term changes, and which stay bit-identical. */
@ParameterizedClass
@ValueSource(strings = {"paper", "tandem"})
public abstract class GradientRoutingConformance extends EngineConformance {
    private static final int BATCH = 2;
    private static final double LEARNING_RATE = 2e-4;

    @Parameter
    private String preset;

    private Settings settings;
    private Networks networks;
    private Engine engine;
    private Weights weights;

    protected GradientRoutingConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @BeforeEach
    void open() {
        settings = settings();
        networks = Networks.of(settings);
        engine = engineUnderTest().open();
        weights = Weights.initialised(engine, networks, 3);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Settings settings(String... assignments) {
        List<String> all = new ArrayList<>(List.of("model.preset=" + preset, "train.split-batch=true"));
        all.addAll(List.of(assignments));
        return TestSettings.tiny(all.toArray(String[]::new));
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of(
                        "adversarial D_VAE",
                        new LossWeights(0, 0, 0, 1, 0),
                        EnumSet.of(Member.GENERATOR, Member.ENCODER)),
                Arguments.of("adversarial D_LR", new LossWeights(0, 0, 0, 0, 1), EnumSet.of(Member.GENERATOR)),
                Arguments.of("L1", new LossWeights(1, 0, 0, 0, 0), EnumSet.of(Member.GENERATOR, Member.ENCODER)),
                Arguments.of("KL", new LossWeights(0, 1, 0, 0, 0), EnumSet.of(Member.ENCODER)),
                Arguments.of("latent L1", new LossWeights(0, 0, 1, 0, 0), EnumSet.of(Member.GENERATOR)));
    }

    @ParameterizedTest(name = "{0} changes {2}")
    @MethodSource("rows")
    void generatorPhase_oneTermAlone_changesOnlyItsNetworks(String term, LossWeights lambda, Set<Member> changed) {
        Map<Member, Integer> before = weightHashes();

        differentiateAndUpdate(generatorPhase(Objective.of(settings).with(lambda)));

        assertThat(changedSince(before)).isEqualTo(changed);
    }

    @Test
    void generatorPhase_latentTermForBoth_changesTheEncoderToo() {
        Map<Member, Integer> before = weightHashes();
        Settings both = settings("train.latent-gradient=both");

        differentiateAndUpdate(generatorPhase(Objective.of(both).with(new LossWeights(0, 0, 1, 0, 0))));

        assertThat(changedSince(before)).isEqualTo(EnumSet.of(Member.GENERATOR, Member.ENCODER));
    }

    @ParameterizedTest
    @MethodSource("discriminators")
    void discriminatorPhase_eachDiscriminator_changesOnlyItsOwnWeights(Member member) {
        Map<Member, Integer> before = weightHashes();

        differentiateAndUpdate(engine.compile(
                new DiscriminatorPhase(networks, weights, Objective.of(settings), member, List.of(Branch.VAE), BATCH)));

        assertThat(changedSince(before)).containsExactly(member);
    }

    static Stream<Member> discriminators() {
        return Stream.of(Member.D_VAE, Member.D_LR);
    }

    @Test
    void latentTerm_encoderTrainedByOtherTerms_addsNothingToItsGradient() {
        LossWeights withoutLatent = new LossWeights(10, 0.01, 0, 1, 1);
        LossWeights withLatent = new LossWeights(10, 0.01, 0.5, 1, 1);

        assertThat(encoderGradient(withLatent)).isEqualTo(encoderGradient(withoutLatent));
    }

    @Test
    void step_splitBatch_trainsDiscriminatorsOnTheFakesOfTheFirstPhase() {
        long seed = settings.train().seed();
        Tensor a = images("a");
        Tensor b = images("b");
        Weights sameWeights = Weights.initialised(engine, networks, 3);

        StepLosses losses = new Trainer(engine, networks, weights, settings, Optional.empty())
                .take(a, b, 0, 0)
                .losses();

        // The three phases, one by one, on the same initial weights.
        Tensor noise = Noise.gaussian(networks.latentShape(1), seed, "noise.0");
        Tensor z = Noise.gaussian(networks.latentShape(1), seed, "z.0");
        Program.Results first = engine.compile(new GeneratorPhase(networks, sameWeights, Objective.of(settings), 1))
                .run(Map.of("a", a.rows(0, 1), "b", b.rows(0, 1), "noise", noise, "z", z));
        Map<String, Input> inputs = new HashMap<>(first.tensors());
        inputs.putAll(Map.of("a", a.rows(0, 1), "lastA", a.rows(1, 2), "b", b.rows(0, 1), "lastB", b.rows(1, 2)));
        double dVae = discriminatorLoss(sameWeights, Member.D_VAE, Branch.VAE, inputs);
        double dLr = discriminatorLoss(sameWeights, Member.D_LR, Branch.LR, inputs);
        assertThat(losses.gan()).isEqualTo(first.term("gan"));
        assertThat(losses.dVae()).isEqualTo(dVae);
        assertThat(losses.dLr()).isEqualTo(dLr);
    }

    /** @param inputs those of this phase, and others */
    private double discriminatorLoss(Weights ofNetworks, Member member, Branch branch, Map<String, Input> inputs) {
        Program phase = engine.compile(
                new DiscriminatorPhase(networks, ofNetworks, Objective.of(settings), member, List.of(branch), 1));
        Map<String, Input> used = new HashMap<>(inputs);
        used.keySet().retainAll(phase.inputs().keySet());
        return phase.run(used).term("loss");
    }

    private float[] encoderGradient(LossWeights lambda) {
        Program phase = generatorPhase(Objective.of(settings).with(lambda));
        phase.differentiate(inputs(phase));
        return weights.of(Member.ENCODER).read(Kind.GRADIENT, "stem.weight").data();
    }

    private Program generatorPhase(Objective objective) {
        return engine.compile(new GeneratorPhase(networks, weights, objective, BATCH));
    }

    private void differentiateAndUpdate(Program phase) {
        phase.differentiate(inputs(phase));
        phase.update(new Adam(LEARNING_RATE, 0.5, 0.999, 1e-8));
    }

    private Map<String, Tensor> inputs(Program phase) {
        Map<String, Tensor> inputs = new HashMap<>();
        phase.inputs().forEach((name, shape) -> inputs.put(name, shape.rank() == 4 ? images(name) : latents(name)));
        return inputs;
    }

    private Tensor images(String purpose) {
        Tensor gaussian = Noise.gaussian(networks.outputShape(BATCH), 5, purpose);
        for (int i = 0; i < gaussian.data().length; i++) {
            gaussian.data()[i] = (float) Math.tanh(gaussian.data()[i]);
        }
        return gaussian;
    }

    private Tensor latents(String purpose) {
        return Noise.gaussian(networks.latentShape(BATCH), 5, purpose);
    }

    private Map<Member, Integer> weightHashes() {
        Map<Member, Integer> hashes = new EnumMap<>(Member.class);
        weights.members().forEach((member, variables) -> {
            int hash = 1;
            for (ParameterSpec spec : variables.specs()) {
                hash = 31 * hash
                        + Arrays.hashCode(
                                variables.read(Kind.VALUE, spec.name()).data());
            }
            hashes.put(member, hash);
        });
        return hashes;
    }

    private Set<Member> changedSince(Map<Member, Integer> before) {
        Set<Member> changed = EnumSet.noneOf(Member.class);
        weightHashes().forEach((member, hash) -> {
            if (!hash.equals(before.get(member))) {
                changed.add(member);
            }
        });
        return changed;
    }
}
