package dev.tandem.model.train;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings;
import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.engine.StagedInput;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One training step for a fixed batch size: the three phases in the authors' order.
 *
 * <ol>
 *   <li>G and E train against the discriminators as the previous step left them ({@link GeneratorPhase}).
 *   <li>D_VAE trains on the fakes of phase 1 ({@link DiscriminatorPhase}).
 *   <li>D_LR trains on the fakes of phase 1.
 * </ol>
 *
 * <table>
 * <caption>Gradient routing: which networks a term trains</caption>
 * <tr><th>term</th><th>G</th><th>E</th><th>D_VAE</th><th>D_LR</th></tr>
 * <tr><td>adversarial, D_VAE(B1) against real</td><td>yes</td><td>yes, through z_e</td><td>no</td><td>no</td></tr>
 * <tr><td>adversarial, D_LR(B2) against real</td><td>yes</td><td>no</td><td>no</td><td>no</td></tr>
 * <tr><td>L1(B1, B)</td><td>yes</td><td>yes, through z_e</td><td>no</td><td>no</td></tr>
 * <tr><td>KL</td><td>no</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>latent L1</td><td>yes</td><td>no; yes with {@code latent-gradient = both}</td><td>no</td><td>no</td></tr>
 * <tr><td>loss of D_VAE, detached fakes B1</td><td>no</td><td>no</td><td>yes</td><td>no</td></tr>
 * <tr><td>loss of D_LR, detached fakes B2</td><td>no</td><td>no</td><td>no</td><td>yes</td></tr>
 * </table>
 *
 * <p>B1 = G(A, z_e) is the output of the cVAE-GAN branch, B2 = G(A, z_r) that of the cLR-GAN branch. A shared
 * discriminator takes the place of both D_VAE and D_LR.
 *
 * <p>All gradients are computed before any weight changes, so a step with a loss or gradient that is not finite can be
 * abandoned. The results are the same as with an update after each phase, because a discriminator's gradient depends
 * only on the fakes and its own weights.
 */
public final class TrainStep {
    /** Prefix of the inputs of {@link GeneratorPhase} that are dropout masks. */
    static final String DROPOUT = "dropout.";

    /** The random inputs of one step. */
    public interface RandomInputs {

        /** Standard normal latents. */
        Tensor latent(String name, Shape shape);

        /** A dropout mask: 0 at the given rate, and {@code 1 / (1 - rate)} elsewhere, which preserves the mean. */
        Tensor mask(String name, Shape shape, double rate);

        /** Uniform numbers in [0, 1). */
        Tensor uniform(String name, Shape shape);
    }

    private static final double ADAM_EPSILON = 1e-8;
    private static final List<String> POSTERIOR = List.of("mu", "logVariance");

    private final Engine engine;
    private final Networks networks;
    private final Weights weights;
    private final Objective objective;
    private final TrainSettings settings;
    /** Pairs per branch: half of the batch, rounded up, with {@code train.split-batch}; otherwise the whole batch. */
    private final int branchSize;

    private final Program generatorAndEncoder;
    private final Map<Member, Program> discriminators = new EnumMap<>(Member.class);
    /** Stages the pairs of the step after the next one, if they were announced. */
    private Optional<Supplier<StepPairs>> announced = Optional.empty();
    /** The pairs of the next step, if they were announced. */
    private Optional<StepPairs> staged = Optional.empty();

    public TrainStep(Engine engine, Networks networks, Weights weights, Settings settings, int batchSize) {
        this.engine = engine;
        this.networks = networks;
        this.weights = weights;
        this.objective = Objective.of(settings);
        this.settings = settings.train();
        boolean split = this.settings.splitBatch() && objective.hasVaeBranch() && objective.hasLrBranch();
        this.branchSize = split ? (batchSize + 1) / 2 : batchSize;
        this.generatorAndEncoder = engine.compile(new GeneratorPhase(networks, weights, objective, branchSize));
        branchesByDiscriminator()
                .forEach((member, branches) -> discriminators.put(
                        member,
                        engine.compile(
                                new DiscriminatorPhase(networks, weights, objective, member, branches, branchSize))));
    }

    /** The branches whose fakes each discriminator trains on. */
    private Map<Member, List<Branch>> branchesByDiscriminator() {
        Map<Member, List<Branch>> branches = new EnumMap<>(Member.class);
        if (objective.hasVaeAdversarial()) {
            branches.computeIfAbsent(Member.D_VAE, member -> new ArrayList<>()).add(Branch.VAE);
        }
        if (objective.hasLrAdversarial()) {
            Member discriminator = objective.sharedDiscriminator() ? Member.D_VAE : Member.D_LR;
            branches.computeIfAbsent(discriminator, member -> new ArrayList<>()).add(Branch.LR);
        }
        return branches;
    }

    /**
     * Takes one step: computes all gradients, then updates all weights.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     * @throws NonFiniteException if a loss or a gradient is not finite; no weight has changed then
     */
    public StepReport take(Tensor a, Tensor b, RandomInputs random, double learningRate) {
        StepReport report = differentiate(a, b, random, learningRate);
        requireFinite(report);
        update(learningRate);
        return report;
    }

    /**
     * Announces the pairs of the step after the next one. While the device computes the next step, they are copied to it.
     *
     * @param a the same object as in that step
     * @param b the same object as in that step
     */
    void announce(Tensor a, Tensor b) {
        announced = Optional.of(() -> new StepPairs(a, b, branchSize, engine::stage));
    }

    /** Computes the losses and gradients of all three phases; the weights do not change. */
    public StepReport differentiate(Tensor a, Tensor b, RandomInputs random, double learningRate) {
        Map<String, DeviceTensor> measured = new HashMap<>();
        try (StepPairs pairs = pairs(a, b)) {
            Results first = differentiateGeneratorAndEncoder(pairs, random);
            measured.putAll(first.terms());
            measured.putAll(differentiateDiscriminators(pairs, first.tensors(), random));
            POSTERIOR.stream()
                    .filter(first.tensors()::containsKey)
                    .forEach(name -> measured.put(name, first.tensors().get(name)));
        }
        trained()
                .forEach(member ->
                        measured.put(StepReport.NORM + member.key(), engine.gradientNorm(weights.of(member))));
        stageAnnounced();
        return StepReport.of(engine.fetch(measured), networks.settings().latent(), learningRate);
    }

    private StepPairs pairs(Tensor a, Tensor b) {
        Optional<StepPairs> expected = staged;
        staged = Optional.empty();
        if (expected.isPresent() && expected.get().areOf(a, b)) {
            return expected.get();
        }
        expected.ifPresent(StepPairs::close);
        return new StepPairs(a, b, branchSize, StagedInput::onHeap);
    }

    /** The runs of this step are submitted, and its results are not read yet: a GPU computes now. */
    private void stageAnnounced() {
        staged = announced.map(Supplier::get);
        announced = Optional.empty();
    }

    /** Phase 1, on the first {@code branchSize} pairs. */
    private Results differentiateGeneratorAndEncoder(StepPairs pairs, RandomInputs random) {
        Map<String, Input> inputs = new HashMap<>();
        inputs.put("a", pairs.firstA());
        inputs.put("b", pairs.firstB());
        inputs.put("noise", random.latent("noise", networks.latentShape(branchSize)));
        inputs.put("z", random.latent("z", networks.latentShape(branchSize)));
        generatorAndEncoder.inputs().forEach((name, shape) -> {
            if (name.startsWith(DROPOUT)) {
                inputs.put(name, random.mask(name, shape, objective.dropout()));
            }
        });
        return differentiate(generatorAndEncoder, inputs);
    }

    /**
     * Phases 2 and 3, on real pairs and the fakes of phase 1, which carry no gradient to G and E.
     *
     * <p>D_VAE gets the first and D_LR the last {@code branchSize} real pairs. With {@code train.split-batch} and an
     * odd batch, both get the middle pair.
     */
    private Map<String, DeviceTensor> differentiateDiscriminators(
            StepPairs pairs, Map<String, DeviceTensor> firstResults, RandomInputs random) {
        Map<String, Input> inputs = new HashMap<>(firstResults);
        inputs.computeIfAbsent(Branch.VAE.realB(), name -> pairs.firstB());
        inputs.put(Branch.LR.realA(), pairs.lastA().orElseGet(() -> inputs.get(Branch.VAE.realA())));
        inputs.put(Branch.LR.realB(), pairs.lastB().orElseGet(() -> inputs.get(Branch.VAE.realB())));
        Map<String, DeviceTensor> terms = new HashMap<>();
        for (Program program : discriminators.values()) {
            program.inputs().forEach((name, shape) -> {
                if (name.startsWith(DiscriminatorPhase.SHARE)) {
                    inputs.put(name, random.uniform(name, shape));
                }
            });
            terms.putAll(differentiate(program, inputs).terms());
        }
        return terms;
    }

    /** Passes a program those of the available inputs that it declares. */
    private static Results differentiate(Program program, Map<String, ? extends Input> available) {
        Map<String, Input> inputs = new HashMap<>(available);
        inputs.keySet().retainAll(program.inputs().keySet());
        return program.differentiate(inputs);
    }

    /** Updates G, E and the discriminators with the gradients computed last. */
    private void update(double learningRate) {
        Adam adam = new Adam(learningRate, settings.beta1(), settings.beta2(), ADAM_EPSILON);
        generatorAndEncoder.update(adam);
        discriminators.values().forEach(program -> program.update(adam));
    }

    private Set<Member> trained() {
        Set<Member> trained = EnumSet.of(Member.GENERATOR);
        trained.addAll(discriminators.keySet());
        if (objective.encodes()) {
            trained.add(Member.ENCODER);
        }
        return trained;
    }

    private static void requireFinite(StepReport report) {
        if (!report.losses().areFinite()) {
            throw new NonFiniteException("a loss is not finite: " + report.losses());
        }
        report.gradientNorms().forEach((member, norm) -> {
            if (!Double.isFinite(norm)) {
                throw new NonFiniteException("the gradient of the " + member.key() + " is not finite");
            }
        });
    }
}
