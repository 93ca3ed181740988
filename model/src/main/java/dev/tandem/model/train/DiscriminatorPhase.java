package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Phase 2 or 3 of a training step: one discriminator trains to separate real from generated images.
 *
 * <p>Inputs of each branch: {@code realBBRANCH} and {@code fakeBRANCH}, N images B each. If the discriminators see A, also
 * {@code realABRANCH}, and {@code a}, from which all fakes were generated.
 *
 * @param branches {@code Vae}, {@code Lr}, or both if the discriminator is shared; the loss is the sum of their terms
 *     {@code dBRANCH}
 */
public record DiscriminatorPhase(
        Networks networks, Weights weights, Objective objective, Member member, List<String> branches, int batch)
        implements Phase {

    @Override
    public String name() {
        return member.key();
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        Map<String, T> terms = new LinkedHashMap<>();
        List<Losses.Term<T>> total = new ArrayList<>();
        for (String branch : branches) {
            T term = adversarialTerm(graph, branch);
            terms.put("d" + branch, term);
            total.add(new Losses.Term<>(1, term));
        }
        terms.put(Outputs.LOSS, new Losses<>(graph.ops()).weighted(total));
        return new Outputs<>(terms, Map.of());
    }

    private <T> T adversarialTerm(Graph<T> graph, String branch) {
        ForwardPass<T> pass = ForwardPass.training(graph.ops(), graph.trainable(weights.of(member)), 2);
        Losses<T> losses = new Losses<>(graph.ops());
        List<T> maps = networks.discriminator().forward(pass, realAndFake(graph, branch));
        return graph.ops()
                .add(
                        losses.adversarial(objective.ganMode(), slice(graph, maps, 0), true),
                        losses.adversarial(objective.ganMode(), slice(graph, maps, batch), false));
    }

    /** The discriminator's inputs, first those of the real pairs. */
    private <T> T realAndFake(Graph<T> graph, String branch) {
        Shape shapeB = networks.outputShape(batch);
        T b = graph.ops()
                .concat(0, List.of(graph.input("realB" + branch, shapeB), graph.input("fake" + branch, shapeB)));
        if (!objective.conditional()) {
            return b;
        }
        Shape shapeA = networks.inputShape(batch);
        T a = graph.ops().concat(0, List.of(graph.input("realA" + branch, shapeA), graph.input("a", shapeA)));
        return graph.ops().concat(1, List.of(a, b));
    }

    private <T> List<T> slice(Graph<T> graph, List<T> maps, int from) {
        return maps.stream()
                .map(map -> graph.ops().slice(map, from, from + batch))
                .toList();
    }
}
