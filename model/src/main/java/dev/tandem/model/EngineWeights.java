package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.train.Sampler;
import dev.tandem.model.train.Translator;
import dev.tandem.model.train.Weights;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fixed weights in the variables of an engine, which frees them only when it closes. */
final class EngineWeights implements FixedWeights {
    private final Variables generator;
    private final Optional<Variables> encoder;
    private final Sampler sampler;

    EngineWeights(Engine engine, Networks networks) {
        this.generator = engine.allocateConstant(networks.parameters(Member.GENERATOR));
        this.encoder = networks.members().contains(Member.ENCODER)
                ? Optional.of(engine.allocateConstant(networks.parameters(Member.ENCODER)))
                : Optional.empty();
        this.sampler = new Sampler(engine, networks, generator, encoder);
    }

    @Override
    public void load(Checkpoint checkpoint) {
        Map<String, Variables> loaded = new TreeMap<>();
        boolean averaged = checkpoint.networks().contains(Checkpoint.AVERAGE);
        loaded.put(averaged ? Checkpoint.AVERAGE : Member.GENERATOR.key(), generator);
        encoder.filter(variables -> checkpoint.networks().contains(Member.ENCODER.key()))
                .ifPresent(variables -> loaded.put(Member.ENCODER.key(), variables));
        // All weights in one call, which keeps the file open: the training process may remove the checkpoint meanwhile.
        checkpoint.readWeights(loaded);
    }

    @Override
    public void initialise(Settings settings) {
        long seed = settings.train().seed();
        Weights.initialise(generator, Member.GENERATOR, seed);
        encoder.ifPresent(variables -> Weights.initialise(variables, Member.ENCODER, seed));
    }

    @Override
    public Translator translator() {
        return sampler;
    }

    @Override
    public void close() {
        // The engine owns the variables.
    }
}
