package dev.tandem.model.train;

import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Phase 2 or 3 of a training step: one discriminator trains to separate real from generated images.
 *
 * <p>Inputs of each branch: {@link Branch#realB} and {@link Branch#fake}, N images B each. If the discriminators see A, also
 * {@link Branch#realA}, and {@code a}, from which all fakes were generated. With WGAN-GP also {@link Branch#share}, N uniform
 * numbers.
 *
 * @param branches both if the discriminator is shared; the loss is the sum of their terms and of their gradient penalties
 */
public record DiscriminatorPhase(
        Networks networks, Weights weights, Objective objective, Member member, List<Branch> branches, int batch)
        implements Phase {

    /** Prefix of the inputs that are uniform numbers. */
    static final String SHARE = "share";

    private static final String A = "a";

    @Override
    public String name() {
        return member.key();
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        Map<String, T> terms = new LinkedHashMap<>();
        List<Losses.Term<T>> total = new ArrayList<>();
        for (Branch branch : branches) {
            addTerms(graph, branch, terms, total);
        }
        terms.put(Outputs.LOSS, new Losses<>(graph.ops()).weighted(total));
        return new Outputs<>(terms, Map.of());
    }

    private <T> void addTerms(Graph<T> graph, Branch branch, Map<String, T> terms, List<Losses.Term<T>> total) {
        Ops<T> ops = graph.ops();
        double r1 = objective.gradientPenalty().r1();
        T pairs = pairs(graph, branch.realA(), branch.realB());
        T real = r1 > 0 ? ops.variable(pairs) : pairs;
        T fake = pairs(graph, A, branch.fake());
        List<T> maps = scores(graph, ops.concat(0, List.of(real, fake)), 2);
        List<T> realMaps = slice(ops, maps, 0);

        Losses<T> losses = new Losses<>(ops);
        T adversarial = ops.add(
                losses.adversarial(objective.ganMode(), realMaps, true),
                losses.adversarial(objective.ganMode(), slice(ops, maps, batch), false));
        terms.put(branch.term(), adversarial);
        total.add(new Losses.Term<>(1, adversarial));
        if (r1 > 0) {
            total.add(new Losses.Term<>(r1, losses.r1(realMaps, real)));
        }
        if (objective.ganMode() == GanMode.WGANGP) {
            T penalty = gradientPenalty(graph, branch, real, fake);
            total.add(new Losses.Term<>(objective.gradientPenalty().wgan(), penalty));
        }
    }

    /** The penalty at random points between real and fake pairs. */
    private <T> T gradientPenalty(Graph<T> graph, Branch branch, T real, T fake) {
        Ops<T> ops = graph.ops();
        Shape shape = ops.shape(real);
        T share = ops.tile(graph.input(branch.share(), Shape.of(batch, 1)), shape.height(), shape.width());
        T shares = ops.concat(1, Collections.nCopies(shape.channels(), share));
        T between = ops.variable(ops.add(fake, ops.multiply(shares, ops.subtract(real, fake))));
        return new Losses<>(ops).gradientPenalty(scores(graph, between, 1), between);
    }

    private <T> List<T> scores(Graph<T> graph, T images, int batches) {
        return networks.discriminator()
                .forward(ForwardPass.training(graph.ops(), graph.trainable(weights.of(member)), batches), images);
    }

    /** The discriminator's inputs: images B, with A if the discriminators see A. */
    private <T> T pairs(Graph<T> graph, String nameOfA, String nameOfB) {
        T b = graph.input(nameOfB, networks.outputShape(batch));
        return objective.conditional()
                ? graph.ops().concat(1, List.of(graph.input(nameOfA, networks.inputShape(batch)), b))
                : b;
    }

    private <T> List<T> slice(Ops<T> ops, List<T> maps, int from) {
        return maps.stream().map(map -> ops.slice(map, from, from + batch)).toList();
    }
}
