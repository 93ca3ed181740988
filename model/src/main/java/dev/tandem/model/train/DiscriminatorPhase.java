package dev.tandem.model.train;

import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Phase 2 or 3 of a training step: one discriminator trains to separate real from generated images.
 *
 * <p>Inputs of each branch: {@code realBRANCH} and {@code fakeBRANCH}, N discriminator inputs each.
 *
 * @param branches {@code Vae}, {@code Lr}, or both if the discriminator is shared; the loss is the sum of their terms
 *     {@code dBRANCH}
 */
public record DiscriminatorPhase(
        Networks networks, Weights weights, GanMode mode, Member member, List<String> branches, int batch)
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
            T term = adversarialTerm(graph, "real" + branch, "fake" + branch);
            terms.put("d" + branch, term);
            total.add(new Losses.Term<>(1, term));
        }
        terms.put(Outputs.LOSS, new Losses<>(graph.ops()).weighted(total));
        return new Outputs<>(terms, Map.of());
    }

    private <T> T adversarialTerm(Graph<T> graph, String realName, String fakeName) {
        T real = graph.input(realName, networks.discriminatorInputShape(batch));
        T fake = graph.input(fakeName, networks.discriminatorInputShape(batch));
        ForwardPass<T> pass = ForwardPass.training(graph.ops(), graph.trainable(weights.of(member)), 2);
        Losses<T> losses = new Losses<>(graph.ops());
        List<T> maps = networks.discriminator().forward(pass, graph.ops().concat(0, List.of(real, fake)));
        return graph.ops()
                .add(
                        losses.adversarial(mode, slice(graph, maps, 0), true),
                        losses.adversarial(mode, slice(graph, maps, batch), false));
    }

    private <T> List<T> slice(Graph<T> graph, List<T> maps, int from) {
        return maps.stream()
                .map(map -> graph.ops().slice(map, from, from + batch))
                .toList();
    }
}
