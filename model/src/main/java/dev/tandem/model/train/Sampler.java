package dev.tandem.model.train;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.Networks;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates and encodes with the variables of an engine, in chunks of a few fixed sizes. */
public final class Sampler implements Translator {
    private final Engine engine;
    private final Networks networks;
    private final Variables generator;
    private final Optional<Variables> encoder;
    private final Map<Integer, Program> samplePrograms = new HashMap<>();
    private final Map<Integer, Program> encodePrograms = new HashMap<>();

    /** @param encoder empty if the model has no encoder */
    public Sampler(Engine engine, Networks networks, Variables generator, Optional<Variables> encoder) {
        this.engine = engine;
        this.networks = networks;
        this.generator = generator;
        this.encoder = encoder;
    }

    @Override
    public Tensor translate(Tensor a, Tensor z) {
        List<Tensor> parts = new ArrayList<>();
        Chunks.forEach(
                a.shape().batch(),
                (from, to) -> parts.add(samplePrograms
                        .computeIfAbsent(to - from, size -> engine.compile(new SamplePhase(networks, generator, size)))
                        .run(inputs(a.rows(from, to), z.rows(from, to)))
                        .tensor("b")));
        return Tensor.stack(parts);
    }

    @Override
    public Posterior<Tensor> encode(Tensor b) {
        Variables variables = encoder.orElseThrow(() -> new IllegalStateException("the model has no encoder"));
        List<Tensor> means = new ArrayList<>();
        List<Tensor> logVariances = new ArrayList<>();
        Chunks.forEach(b.shape().batch(), (from, to) -> {
            Program program = encodePrograms.computeIfAbsent(
                    to - from, size -> engine.compile(new EncodePhase(networks, variables, size)));
            Results results = program.run(Map.of("b", b.rows(from, to)));
            means.add(results.tensor("mu"));
            logVariances.add(results.tensor("logVariance"));
        });
        return new Posterior<>(Tensor.stack(means), Tensor.stack(logVariances));
    }

    private Map<String, Tensor> inputs(Tensor a, Tensor z) {
        return networks.settings().latent() > 0 ? Map.of("a", a, "z", z) : Map.of("a", a);
    }
}
