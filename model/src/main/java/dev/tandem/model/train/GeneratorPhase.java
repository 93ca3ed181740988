package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Phase;
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
 * The first phase of a step: generator and encoder against the discriminators as they are.
 *
 * <p>Inputs, as far as the objective needs them: {@code a} and {@code b} (N images of the pairs), {@code noise} and
 * {@code z} (N standard normal latents), {@code dropout...} (masks). Outputs: {@code fakeVae} = G(A, z_e) and
 * {@code fakeLr} = G(A, z_r), which as plain tensors carry no gradient into the other phases, and the encoder's
 * {@code mu} and {@code logVariance}.
 */
public record GeneratorPhase(Networks networks, Weights weights, Objective objective, int batch) implements Phase {

    @Override
    public String name() {
        return "generator and encoder";
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        return new Building<>(this, graph).outputs();
    }

    /** One building of the phase's graph. */
    private static final class Building<T> {
        private final GeneratorPhase phase;
        private final Graph<T> graph;
        private final Ops<T> ops;
        private final Losses<T> losses;
        private final T a;
        private final Map<String, T> terms = new LinkedHashMap<>();
        private final Map<String, T> tensors = new LinkedHashMap<>();
        private final List<Losses.Term<T>> total = new ArrayList<>();

        Building(GeneratorPhase phase, Graph<T> graph) {
            this.phase = phase;
            this.graph = graph;
            this.ops = graph.ops();
            this.losses = new Losses<>(ops);
            this.a = graph.input("a", phase.networks.inputs(phase.batch));
        }

        Outputs<T> outputs() {
            Objective objective = phase.objective;
            if (objective.hasFirstBranch() && objective.hasSecondBranch()) {
                both(graph.input("b", phase.networks.outputs(phase.batch)), latent("z"));
            } else if (objective.hasFirstBranch()) {
                T b = graph.input("b", phase.networks.outputs(phase.batch));
                first(generate("vae", 1, a, firstLatent(b)), b);
            } else {
                T drawn = latent("z");
                second(generate("lr", 1, a, Optional.of(drawn)), drawn);
            }
            terms.put(Outputs.LOSS, losses.weighted(total));
            return new Outputs<>(terms, tensors);
        }

        /** Both branches in one pass. */
        private void both(T b, T drawn) {
            Optional<T> latents = Optional.of(ops.concat(0, List.of(encoded(b), drawn)));
            T fakes = generate("both", 2, ops.concat(0, List.of(a, a)), latents);
            first(ops.slice(fakes, 0, phase.batch), b);
            second(ops.slice(fakes, phase.batch, 2 * phase.batch), drawn);
        }

        private Optional<T> firstLatent(T b) {
            if (phase.objective.encodes()) {
                return Optional.of(encoded(b));
            }
            return phase.networks.settings().latent() > 0 ? Optional.of(latent("noise")) : Optional.empty();
        }

        /** z_e (N, L), by the reparameterisation; and the term that holds it near N(0, 1). */
        private T encoded(T b) {
            Posterior<T> posterior = phase.networks
                    .encoder()
                    .forward(ForwardPass.learning(ops, graph.trainable(phase.weights.of(Member.ENCODER))), b);
            tensors.put("mu", posterior.mu());
            tensors.put("logVariance", posterior.logVariance());
            add("kl", phase.objective.lambda().kl(), losses.kl(posterior.mu(), posterior.logVariance()));
            T deviation = ops.exp(ops.affine(posterior.logVariance(), 0.5, 0));
            return ops.add(posterior.mu(), ops.multiply(latent("noise"), deviation));
        }

        private void first(T fake, T b) {
            tensors.put("fakeVae", fake);
            add("l1", phase.objective.lambda().l1(), losses.l1(fake, b));
            if (phase.objective.judgesFirst()) {
                add("gan", phase.objective.lambda().gan(), adversarial(Member.D_VAE, fake));
            }
        }

        private void second(T fake, T drawn) {
            tensors.put("fakeLr", fake);
            if (phase.objective.judgesSecond()) {
                Member judge = phase.objective.shared() ? Member.D_VAE : Member.D_LR;
                add("ganLr", phase.objective.lambda().ganLr(), adversarial(judge, fake));
            }
            if (phase.objective.regresses()) {
                add("latent", phase.objective.lambda().latent(), losses.l1(recovered(fake), drawn));
            }
        }

        /** The term trains G alone, E being frozen (section 3.3 of the paper), unless it is to train both. */
        private T recovered(T fake) {
            var encoder = phase.weights.of(Member.ENCODER);
            var parameters =
                    phase.objective.regressionTrainsEncoder() ? graph.trainable(encoder) : graph.frozen(encoder);
            return phase.networks
                    .encoder()
                    .forward(ForwardPass.learning(ops, parameters), fake)
                    .mu();
        }

        private T generate(String pass, int batches, T images, Optional<T> z) {
            var parameters = graph.trainable(phase.weights.of(Member.GENERATOR));
            return phase.networks
                    .generator()
                    .forward(
                            new ForwardPass<>(ops, parameters, true, (layer, x) -> dropped(pass, layer, x), batches),
                            images,
                            z);
        }

        private T dropped(String pass, String layer, T x) {
            return phase.objective.dropout() > 0
                    ? ops.multiply(x, graph.input(TrainStep.DROPOUT + pass + "." + layer, ops.shape(x)))
                    : x;
        }

        private T adversarial(Member judge, T fake) {
            T seen = phase.objective.conditional() ? ops.concat(1, List.of(a, fake)) : fake;
            var parameters = graph.frozen(phase.weights.of(judge));
            List<T> maps = phase.networks.discriminator().forward(ForwardPass.learning(ops, parameters), seen);
            return losses.adversarial(phase.objective.ganMode(), maps, true);
        }

        private T latent(String name) {
            return graph.input(name, phase.networks.latents(phase.batch));
        }

        private void add(String name, double weight, T term) {
            terms.put(name, term);
            if (weight > 0) {
                total.add(new Losses.Term<>(weight, term));
            }
        }
    }
}
