package dev.tandem.model.train;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings;
import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    }

    private static final double ADAM_EPSILON = 1e-8;
    private static final String VAE = "Vae";
    private static final String LR = "Lr";
    private static final String REAL = "real";
    private static final String FAKE = "fake";

    private final Engine engine;
    private final Networks networks;
    private final Weights weights;
    private final Objective objective;
    private final TrainSettings settings;
    private final int batchSize;
    /** Pairs per branch: half of the batch, rounded up, with {@code train.split-batch}; otherwise the whole batch. */
    private final int branchSize;

    private final Program generatorAndEncoder;
    private final Map<Member, Program> discriminators = new EnumMap<>(Member.class);

    public TrainStep(Engine engine, Networks networks, Weights weights, Settings settings, int batchSize) {
        this.engine = engine;
        this.networks = networks;
        this.weights = weights;
        this.objective = Objective.of(settings);
        this.settings = settings.train();
        this.batchSize = batchSize;
        boolean split = this.settings.splitBatch() && objective.hasVaeBranch() && objective.hasLrBranch();
        this.branchSize = split ? (batchSize + 1) / 2 : batchSize;
        this.generatorAndEncoder = engine.compile(new GeneratorPhase(networks, weights, objective, branchSize));
        branchesByDiscriminator()
                .forEach((member, branches) -> discriminators.put(
                        member,
                        engine.compile(new DiscriminatorPhase(
                                networks, weights, objective.ganMode(), member, branches, branchSize))));
    }

    /** The branches whose fakes each discriminator trains on. */
    private Map<Member, List<String>> branchesByDiscriminator() {
        Map<Member, List<String>> branches = new EnumMap<>(Member.class);
        if (objective.hasVaeAdversarial()) {
            branches.computeIfAbsent(Member.D_VAE, member -> new ArrayList<>()).add(VAE);
        }
        if (objective.hasLrAdversarial()) {
            Member discriminator = objective.sharedDiscriminator() ? Member.D_VAE : Member.D_LR;
            branches.computeIfAbsent(discriminator, member -> new ArrayList<>()).add(LR);
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

    /** Computes the losses and gradients of all three phases; the weights do not change. */
    public StepReport differentiate(Tensor a, Tensor b, RandomInputs random, double learningRate) {
        Results first = differentiateGeneratorAndEncoder(a, b, random);
        Map<String, Double> terms = new HashMap<>(first.terms());
        terms.putAll(differentiateDiscriminators(a, b, first.tensors()));
        return new StepReport(StepLosses.of(terms), klPerDimension(first.tensors()), gradientNorms(), learningRate);
    }

    /** Phase 1, on the first {@code branchSize} pairs. */
    private Results differentiateGeneratorAndEncoder(Tensor a, Tensor b, RandomInputs random) {
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("a", a.rows(0, branchSize));
        inputs.put("b", b.rows(0, branchSize));
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
    private Map<String, Double> differentiateDiscriminators(Tensor a, Tensor b, Map<String, Tensor> firstResults) {
        Tensor a1 = a.rows(0, branchSize);
        int lastRows = batchSize - branchSize;
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put(REAL + VAE, discriminatorInput(a1, b.rows(0, branchSize)));
        inputs.put(REAL + LR, discriminatorInput(a.rows(lastRows, batchSize), b.rows(lastRows, batchSize)));
        firstResults.forEach((name, tensor) -> {
            if (name.startsWith(FAKE)) {
                inputs.put(name, discriminatorInput(a1, tensor));
            }
        });
        Map<String, Double> terms = new HashMap<>();
        discriminators
                .values()
                .forEach(program -> terms.putAll(differentiate(program, inputs).terms()));
        return terms;
    }

    /** Passes a program those of the available inputs that it declares. */
    private static Results differentiate(Program program, Map<String, Tensor> available) {
        Map<String, Tensor> inputs = new HashMap<>(available);
        inputs.keySet().retainAll(program.inputs().keySet());
        return program.differentiate(inputs);
    }

    private Tensor discriminatorInput(Tensor a, Tensor b) {
        return objective.conditional() ? Tensor.joinChannels(a, b) : b;
    }

    /** Updates G, E and the discriminators with the gradients computed last. */
    private void update(double learningRate) {
        Adam adam = new Adam(learningRate, settings.beta1(), settings.beta2(), ADAM_EPSILON);
        generatorAndEncoder.update(adam);
        discriminators.values().forEach(program -> program.update(adam));
    }

    private Map<Member, Double> gradientNorms() {
        Set<Member> trained = EnumSet.of(Member.GENERATOR);
        trained.addAll(discriminators.keySet());
        if (objective.encodes()) {
            trained.add(Member.ENCODER);
        }
        Map<Member, Double> norms = new EnumMap<>(Member.class);
        trained.forEach(member -> norms.put(member, engine.gradientNorm(weights.of(member))));
        return norms;
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

    /** {@code 0.5 (exp(logVariance) + mu^2 - 1 - logVariance)} of each dimension, averaged over the batch. */
    private static List<Double> klPerDimension(Map<String, Tensor> tensors) {
        if (!tensors.containsKey("mu")) {
            return List.of();
        }
        Tensor mu = tensors.get("mu");
        Tensor logVariance = tensors.get("logVariance");
        int length = mu.shape().channels();
        double[] sums = new double[length];
        for (int i = 0; i < mu.data().length; i++) {
            double m = mu.data()[i];
            double v = logVariance.data()[i];
            sums[i % length] += (Math.exp(v) + m * m - 1 - v) / 2 / mu.shape().batch();
        }
        return Arrays.stream(sums).boxed().toList();
    }
}
