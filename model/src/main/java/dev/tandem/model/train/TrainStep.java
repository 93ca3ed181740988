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
 * The three optimizer steps of a batch, in the authors' order: generator and encoder against the discriminators of the
 * step before, then D_VAE, then D_LR, both on the fakes of that same forward pass.
 *
 * <table>
 * <caption>Which term's gradient reaches which weights</caption>
 * <tr><th>term</th><th>G</th><th>E</th><th>D_VAE</th><th>D_LR</th></tr>
 * <tr><td>adversarial D_VAE(B1) to real</td><td>yes</td><td>yes, through z_e</td><td>no</td><td>no</td></tr>
 * <tr><td>adversarial D_LR(B2) to real</td><td>yes</td><td>no</td><td>no</td><td>no</td></tr>
 * <tr><td>L1(B1, B)</td><td>yes</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>KL</td><td>no</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>latent L1</td><td>yes</td><td>no; with {@code latent-gradient = both} yes</td><td>no</td><td>no</td></tr>
 * <tr><td>D losses, fakes detached</td><td>no</td><td>no</td><td>its own</td><td>its own</td></tr>
 * </table>
 *
 * <p>All three gradients are computed before any weight moves. That changes no number, for a discriminator's gradient
 * depends on the fakes and on itself only; but a step with a loss or gradient that is not finite can so be left untaken.
 *
 * <p>Compiled for one batch size.
 */
public final class TrainStep {
    /** What the names of dropout masks among a program's inputs begin with. */
    static final String DROPOUT = "dropout.";

    /** What is drawn in one step. */
    public interface Draws {

        /** Standard normal numbers. */
        Tensor latent(String name, Shape shape);

        /** 0 for the share that is dropped, and for the rest what keeps the mean. */
        Tensor mask(String name, Shape shape, double share);
    }

    private static final double ADAM_EPSILON = 1e-8;
    private static final String VAE = "Vae";
    private static final String LR = "Lr";

    private final Engine engine;
    private final Networks networks;
    private final Weights weights;
    private final Objective objective;
    private final TrainSettings settings;
    private final int batch;
    private final int branch;
    private final Program generatorAndEncoder;
    private final Map<Member, Program> discriminators = new EnumMap<>(Member.class);

    public TrainStep(Engine engine, Networks networks, Weights weights, Settings settings, int batch) {
        this.engine = engine;
        this.networks = networks;
        this.weights = weights;
        this.objective = Objective.of(settings);
        this.settings = settings.train();
        this.batch = batch;
        boolean halved = this.settings.splitBatch() && objective.hasFirstBranch() && objective.hasSecondBranch();
        this.branch = halved ? (batch + 1) / 2 : batch;
        this.generatorAndEncoder = engine.compile(new GeneratorPhase(networks, weights, objective, branch));
        judges().forEach((member, branches) -> discriminators.put(
                member,
                engine.compile(
                        new DiscriminatorPhase(networks, weights, objective.ganMode(), member, branches, branch))));
    }

    /** Which discriminator judges which branches. */
    private Map<Member, List<String>> judges() {
        Map<Member, List<String>> judges = new EnumMap<>(Member.class);
        if (objective.judgesFirst()) {
            judges.computeIfAbsent(Member.D_VAE, member -> new ArrayList<>()).add(VAE);
        }
        if (objective.judgesSecond()) {
            judges.computeIfAbsent(objective.shared() ? Member.D_VAE : Member.D_LR, member -> new ArrayList<>())
                    .add(LR);
        }
        return judges;
    }

    /**
     * Takes one step.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     * @throws NotFinite if it could not be taken
     */
    public StepReport take(Tensor a, Tensor b, Draws draws, double learningRate) {
        StepReport report = differentiate(a, b, draws, learningRate);
        requireFinite(report);
        update(learningRate);
        return report;
    }

    /** Computes all losses and gradients, and leaves the weights as they are. */
    public StepReport differentiate(Tensor a, Tensor b, Draws draws, double learningRate) {
        // With split-batch the first half is encoded, and D_LR sees the second half's pairs (the middle pair of an odd
        // batch belongs to both).
        Tensor a1 = a.rows(0, branch);
        Tensor b1 = b.rows(0, branch);
        Map<String, Tensor> given = new HashMap<>(Map.of("a", a1, "b", b1));
        given.put("noise", draws.latent("noise", networks.latents(branch)));
        given.put("z", draws.latent("z", networks.latents(branch)));
        addMasks(given, draws);
        Results first = generatorAndEncoder.differentiate(wanted(generatorAndEncoder, given));

        Map<String, Tensor> judged = new HashMap<>();
        judged.put("realVae", seen(a1, b1));
        judged.put("realLr", seen(a.rows(batch - branch, batch), b.rows(batch - branch, batch)));
        first.tensors().forEach((name, tensor) -> {
            if (name.startsWith("fake")) {
                judged.put(name, seen(a1, tensor));
            }
        });
        Map<String, Double> terms = new HashMap<>(first.terms());
        discriminators.forEach((member, program) ->
                terms.putAll(program.differentiate(wanted(program, judged)).terms()));

        return new StepReport(losses(terms), klPerDimension(first.tensors()), gradientNorms(), learningRate);
    }

    /** Lets the three optimizers use the gradients computed last. */
    private void update(double learningRate) {
        Adam adam = new Adam(learningRate, settings.beta1(), settings.beta2(), ADAM_EPSILON);
        generatorAndEncoder.update(adam);
        discriminators.values().forEach(program -> program.update(adam));
    }

    private static Map<String, Tensor> wanted(Program program, Map<String, Tensor> given) {
        Map<String, Tensor> wanted = new HashMap<>(given);
        wanted.keySet().retainAll(program.inputs().keySet());
        return wanted;
    }

    private void addMasks(Map<String, Tensor> given, Draws draws) {
        generatorAndEncoder.inputs().forEach((name, shape) -> {
            if (name.startsWith(DROPOUT)) {
                given.put(name, draws.mask(name, shape, objective.dropout()));
            }
        });
    }

    /** What a discriminator sees of a pair. */
    private Tensor seen(Tensor a, Tensor b) {
        return objective.conditional() ? Tensor.joinChannels(a, b) : b;
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
            throw new NotFinite("a loss is not finite: " + report.losses());
        }
        report.gradientNorms().forEach((member, norm) -> {
            if (!Double.isFinite(norm)) {
                throw new NotFinite("the gradient of the " + member.key() + " is not finite");
            }
        });
    }

    private static StepLosses losses(Map<String, Double> terms) {
        return new StepLosses(
                terms.getOrDefault("gan", 0.0),
                terms.getOrDefault("ganLr", 0.0),
                terms.getOrDefault("l1", 0.0),
                terms.getOrDefault("kl", 0.0),
                terms.getOrDefault("latent", 0.0),
                terms.getOrDefault("dVae", 0.0),
                terms.getOrDefault("dLr", 0.0));
    }

    /** {@code 0.5 (exp(logvar) + mu^2 - 1 - logvar)} of each dimension, averaged over the batch. */
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
