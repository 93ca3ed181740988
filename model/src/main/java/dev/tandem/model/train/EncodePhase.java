package dev.tandem.model.train;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import java.util.Map;

/** Inference of the encoder: {@code b} (N, C', H, W) to {@code mu} and {@code logVariance}, (N, L) each. */
record EncodePhase(Networks networks, Variables encoder, int batch) implements Phase {

    @Override
    public String name() {
        return "encode";
    }

    @Override
    public <T> Outputs<T> build(Graph<T> graph) {
        T b = graph.input("b", networks.outputShape(batch));
        Posterior<T> posterior =
                networks.encoder().forward(ForwardPass.inference(graph.ops(), graph.frozen(encoder)), b);
        return new Outputs<>(Map.of(), Map.of("mu", posterior.mu(), "logVariance", posterior.logVariance()));
    }
}
