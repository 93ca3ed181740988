package dev.tandem.model.train;

import dev.tandem.config.TrainSettings.LossWeights;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/**
 * The first phase of a step: generator and encoder against both discriminators as they are.
 *
 * <p>Inputs: {@code a} and {@code b} (N images of the pairs), {@code noise} and {@code z} (N standard normal latents).
 * Outputs: {@code fakeVae} = G(A, z_e) and {@code fakeLr} = G(A, z_r); as plain tensors they carry no gradient into
 * the other two phases.
 */
record GeneratorPhase(Networks networks, Weights weights, LossWeights lambda, int batch) implements Phase {

    @Override
    public String name() {
        return "generator and encoder";
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        Ops<T> ops = graph.ops();
        Losses<T> losses = new Losses<>(ops);
        T a = graph.input("a", networks.images(batch));
        T b = graph.input("b", networks.images(batch));
        T noise = graph.input("noise", networks.latents(batch));
        T z = graph.input("z", networks.latents(batch));

        Posterior<T> posterior = networks.encoder().forward(ops, graph.trainable(weights.of(Member.ENCODER)), b);
        T deviation = ops.exp(ops.affine(posterior.logVariance(), 0.5, 0));
        T encoded = ops.add(posterior.mu(), ops.multiply(noise, deviation)); // z_e (N, L)

        // Instance norm keeps images apart, so both branches are one pass of twice the batch.
        T fakes = networks.generator()
                .forward(
                        ops,
                        graph.trainable(weights.of(Member.GENERATOR)),
                        ops.concat(0, List.of(a, a)),
                        ops.concat(0, List.of(encoded, z))); // (2N, C, H, W)
        T fakeVae = ops.slice(fakes, 0, batch);
        T fakeLr = ops.slice(fakes, batch, 2 * batch);

        T gan = losses.adversarial(score(graph, Member.D_VAE, fakeVae), true);
        T ganLr = losses.adversarial(score(graph, Member.D_LR, fakeLr), true);
        T l1 = losses.l1(fakeVae, b);
        T kl = losses.kl(posterior.mu(), posterior.logVariance());
        // The latent term trains G alone: E is frozen here (section 3.3 of the paper, and the authors' code).
        T recovered = networks.encoder()
                .forward(ops, graph.frozen(weights.of(Member.ENCODER)), fakeLr)
                .mu();
        T latent = losses.l1(recovered, z);

        T loss = losses.weighted(List.of(
                new Losses.Term<>(lambda.gan(), gan),
                new Losses.Term<>(lambda.ganLr(), ganLr),
                new Losses.Term<>(lambda.l1(), l1),
                new Losses.Term<>(lambda.kl(), kl),
                new Losses.Term<>(lambda.latent(), latent)));
        return new Outputs<>(
                Map.of(Outputs.LOSS, loss, "gan", gan, "ganLr", ganLr, "l1", l1, "kl", kl, "latent", latent),
                Map.of("fakeVae", fakeVae, "fakeLr", fakeLr));
    }

    private <T> List<T> score(Graph<T> graph, Member discriminator, T images) {
        return networks.discriminator().forward(graph.ops(), graph.frozen(weights.of(discriminator)), images);
    }
}
