package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Phase 1 of a training step: generator and encoder train against the discriminators, which are frozen.
 *
 * <p>Inputs, as far as the objective needs them: {@code a} and {@code b} (N images of the pairs), {@code noise} and
 * {@code z} (N standard normal latents), {@code dropout...} (masks).
 *
 * <p>Outputs: {@code fakeVae} = G(A, z_e) and {@code fakeLr} = G(A, z_r), and the encoder's {@code mu} and
 * {@code logVariance}. They leave the graph as plain tensors, so they carry no gradient into the other phases. The images
 * {@code a} and {@code b} are outputs, too: the other phases read them on the device.
 */
public record GeneratorPhase(Networks networks, Weights weights, Objective objective, int batch) implements Phase {

    @Override
    public String name() {
        return "generator and encoder";
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        return new GraphBuilder<>(this, graph).build();
    }

    private static final class GraphBuilder<T> {
        private final GeneratorPhase phase;
        private final Graph<T> graph;
        private final Ops<T> ops;
        private final Losses<T> losses;
        private final T a;
        private final Map<String, T> terms = new LinkedHashMap<>();
        private final Map<String, T> tensors = new LinkedHashMap<>();
        private final List<Losses.Term<T>> total = new ArrayList<>();

        GraphBuilder(GeneratorPhase phase, Graph<T> graph) {
            this.phase = phase;
            this.graph = graph;
            this.ops = graph.ops();
            this.losses = new Losses<>(ops);
            this.a = graph.input("a", phase.networks.inputShape(phase.batch));
            tensors.put("a", a);
        }

        Outputs<T> build() {
            Objective objective = phase.objective;
            if (objective.hasVaeBranch() && objective.hasLrBranch()) {
                bothBranches(inputB(), latent("z"));
            } else if (objective.hasVaeBranch()) {
                T b = inputB();
                addVaeTerms(generate("vae", 1, a, vaeLatent(b)), b);
            } else {
                T randomLatent = latent("z");
                addLrTerms(generate("lr", 1, a, Optional.of(randomLatent)), randomLatent);
            }
            terms.put(Outputs.LOSS, losses.weighted(total));
            return new Outputs<>(terms, tensors);
        }

        /** Both branches in one pass through the generator. */
        private void bothBranches(T b, T randomLatent) {
            Optional<T> latents = Optional.of(ops.concat(0, List.of(encodedLatent(b), randomLatent)));
            T fakes = generate("both", 2, ops.concat(0, List.of(a, a)), latents);
            addVaeTerms(ops.slice(fakes, 0, phase.batch), b);
            addLrTerms(ops.slice(fakes, phase.batch, 2 * phase.batch), randomLatent);
        }

        /** The latent of the cVAE-GAN branch: encoded, random without an encoder, or none. */
        private Optional<T> vaeLatent(T b) {
            if (phase.objective.encodes()) {
                return Optional.of(encodedLatent(b));
            }
            return phase.networks.settings().latent() > 0 ? Optional.of(latent("noise")) : Optional.empty();
        }

        /** z_e (N, L) by the reparameterisation {@code mu + noise * exp(logVariance / 2)}. Adds the KL term. */
        private T encodedLatent(T b) {
            Posterior<T> posterior = encode(graph.trainable(encoder()), b);
            tensors.put("mu", posterior.mu());
            tensors.put("logVariance", posterior.logVariance());
            addTerm("kl", phase.objective.lambda().kl(), losses.kl(posterior.mu(), posterior.logVariance()));
            T deviation = ops.exp(ops.affine(posterior.logVariance(), 0.5, 0));
            return ops.add(posterior.mu(), ops.multiply(latent("noise"), deviation));
        }

        private void addVaeTerms(T fake, T b) {
            tensors.put("fakeVae", fake);
            addTerm("l1", phase.objective.lambda().l1(), losses.l1(fake, b));
            if (phase.objective.hasVaeAdversarial()) {
                addTerm("gan", phase.objective.lambda().gan(), adversarial(Member.D_VAE, fake));
            }
        }

        private void addLrTerms(T fake, T randomLatent) {
            tensors.put("fakeLr", fake);
            if (phase.objective.hasLrAdversarial()) {
                Member discriminator = phase.objective.sharedDiscriminator() ? Member.D_VAE : Member.D_LR;
                addTerm("ganLr", phase.objective.lambda().ganLr(), adversarial(discriminator, fake));
            }
            if (phase.objective.hasLatentTerm()) {
                addTerm("latent", phase.objective.lambda().latent(), losses.l1(recoveredLatent(fake), randomLatent));
            }
        }

        /** E is frozen here, so the latent term trains G alone (section 3.3 of the paper), unless set otherwise. */
        private T recoveredLatent(T fake) {
            boolean trainsEncoder = phase.objective.latentTermTrainsEncoder();
            return encode(trainsEncoder ? graph.trainable(encoder()) : graph.frozen(encoder()), fake)
                    .mu();
        }

        private Posterior<T> encode(Parameters<T> parameters, T images) {
            return phase.networks.encoder().forward(ForwardPass.training(ops, parameters), images);
        }

        private Variables encoder() {
            return phase.weights.of(Member.ENCODER);
        }

        private T generate(String passName, int batches, T images, Optional<T> z) {
            Parameters<T> parameters = graph.trainable(phase.weights.of(Member.GENERATOR));
            ForwardPass<T> pass = new ForwardPass<>(
                    ops, parameters, true, (layer, x) -> withDropout(passName + "." + layer, x), batches);
            return phase.networks.generator().forward(pass, images, z);
        }

        private T withDropout(String layer, T x) {
            return phase.objective.dropout() > 0
                    ? ops.multiply(x, graph.input(TrainStep.DROPOUT + layer, ops.shape(x)))
                    : x;
        }

        /** Trains the generator to make a frozen discriminator classify its fakes as real. */
        private T adversarial(Member discriminator, T fake) {
            T images = phase.objective.conditional() ? ops.concat(1, List.of(a, fake)) : fake;
            Parameters<T> parameters = graph.frozen(phase.weights.of(discriminator));
            List<T> maps = phase.networks.discriminator().forward(ForwardPass.training(ops, parameters), images);
            return losses.adversarial(phase.objective.ganMode(), maps, true);
        }

        private T inputB() {
            T b = graph.input("b", phase.networks.outputShape(phase.batch));
            tensors.put("b", b);
            return b;
        }

        private T latent(String name) {
            return graph.input(name, phase.networks.latentShape(phase.batch));
        }

        private void addTerm(String name, double weight, T term) {
            terms.put(name, term);
            if (weight > 0) {
                total.add(new Losses.Term<>(weight, term));
            }
        }
    }
}
