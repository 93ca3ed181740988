package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import java.util.Map;
import java.util.Optional;

/** Inference of the generator: {@code a} (N, C, H, W) and {@code z} (N, L) to {@code b} (N, C', H, W). */
record SamplePhase(Networks networks, Variables generator, int batch) implements Phase {

    @Override
    public String name() {
        return "sample";
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        T a = graph.input("a", networks.inputShape(batch));
        Optional<T> z = networks.settings().latent() > 0
                ? Optional.of(graph.input("z", networks.latentShape(batch)))
                : Optional.empty();
        T b = networks.generator().forward(ForwardPass.inference(graph.ops(), graph.frozen(generator)), a, z);
        return new Outputs<>(Map.of(), Map.of("b", b));
    }
}
