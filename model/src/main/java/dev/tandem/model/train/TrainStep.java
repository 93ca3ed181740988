package dev.tandem.model.train;

import dev.tandem.config.TrainSettings;
import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;

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
 * <tr><td>latent L1</td><td>yes</td><td>no</td><td>no</td><td>no</td></tr>
 * <tr><td>D losses, fakes detached</td><td>no</td><td>no</td><td>its own</td><td>its own</td></tr>
 * </table>
 *
 * <p>Compiled for one batch size.
 */
final class TrainStep {
    private static final double ADAM_EPSILON = 1e-8;

    private final Networks networks;
    private final TrainSettings settings;
    private final Adam adam;
    private final int batch;
    private final int branch;
    private final Program generatorAndEncoder;
    private final Program dVae;
    private final Program dLr;

    TrainStep(Engine engine, Networks networks, Weights weights, TrainSettings settings, int batch) {
        this.networks = networks;
        this.settings = settings;
        this.adam = new Adam(settings.learningRate(), settings.beta1(), settings.beta2(), ADAM_EPSILON);
        this.batch = batch;
        this.branch = settings.splitBatch() ? (batch + 1) / 2 : batch;
        this.generatorAndEncoder = engine.compile(new GeneratorPhase(networks, weights, settings.loss(), branch));
        this.dVae = engine.compile(new DiscriminatorPhase(networks, weights, Member.D_VAE, branch));
        this.dLr = engine.compile(new DiscriminatorPhase(networks, weights, Member.D_LR, branch));
    }

    /**
     * Takes one step.
     *
     * @param a (N, C, H, W)
     * @param b (N, C, H, W)
     * @param step number of this step; decides the latents
     */
    StepLosses take(Tensor a, Tensor b, long step) {
        // With split-batch the first half is encoded, and D_LR sees the second half's B (the middle pair of an odd
        // batch belongs to both).
        Tensor a1 = a.rows(0, branch);
        Tensor b1 = b.rows(0, branch);
        Tensor b2 = b.rows(batch - branch, batch);
        Tensor noise = Noise.gaussian(networks.latents(branch), settings.seed(), "noise." + step);
        Tensor z = Noise.gaussian(networks.latents(branch), settings.seed(), "latent." + step);

        Results first = generatorAndEncoder.step(Map.of("a", a1, "b", b1, "noise", noise, "z", z), adam);
        Results second = dVae.step(Map.of("real", b1, "fake", first.tensor("fakeVae")), adam);
        Results third = dLr.step(Map.of("real", b2, "fake", first.tensor("fakeLr")), adam);
        return new StepLosses(
                first.term("gan"),
                first.term("ganLr"),
                first.term("l1"),
                first.term("kl"),
                first.term("latent"),
                second.term("loss"),
                third.term("loss"));
    }
}
