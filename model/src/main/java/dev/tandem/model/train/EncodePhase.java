package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import java.util.Map;

/** Encoding without gradients: {@code b} (N, C, H, W) to {@code mu} (N, L). */
record EncodePhase(Networks networks, Variables encoder, int batch) implements Phase {

    @Override
    public String name() {
        return "encode";
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        T b = graph.input("b", networks.images(batch));
        T mu = networks.encoder().forward(graph.ops(), graph.frozen(encoder), b).mu();
        return new Outputs<>(Map.of(), Map.of("mu", mu));
    }
}
