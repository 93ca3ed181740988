package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/** The second and third phase: one discriminator learns to tell {@code real} from {@code fake}, N images each. */
record DiscriminatorPhase(Networks networks, Weights weights, Member member, int batch) implements Phase {

    @Override
    public String name() {
        return member.key();
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        T real = graph.input("real", networks.images(batch));
        T fake = graph.input("fake", networks.images(batch));
        // One pass over both: instance norm keeps images apart.
        List<T> maps = networks.discriminator()
                .forward(
                        graph.ops(),
                        graph.trainable(weights.of(member)),
                        graph.ops().concat(0, List.of(real, fake)));
        Losses<T> losses = new Losses<>(graph.ops());
        T loss = graph.ops()
                .add(
                        losses.adversarial(part(graph, maps, 0), true),
                        losses.adversarial(part(graph, maps, batch), false));
        return new Outputs<>(Map.of(Outputs.LOSS, loss), Map.of());
    }

    private <T> List<T> part(Graph<T> graph, List<T> maps, int from) {
        return maps.stream()
                .map(map -> graph.ops().slice(map, from, from + batch))
                .toList();
    }
}
