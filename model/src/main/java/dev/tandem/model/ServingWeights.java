package dev.tandem.model;

import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.train.Sampler;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The generator and encoder of the serving checkpoint, which translates and encodes in place of the live model. */
final class ServingWeights {
    private final Variables generator;
    private final Optional<Variables> encoder;
    private final Sampler sampler;

    /** Allocates the weights; {@link #load} fills them, and can do so again with another checkpoint. */
    ServingWeights(Engine engine, Networks networks) {
        this.generator = engine.allocateConstant(networks.parameters(Member.GENERATOR));
        this.encoder = networks.members().contains(Member.ENCODER)
                ? Optional.of(engine.allocateConstant(networks.parameters(Member.ENCODER)))
                : Optional.empty();
        this.sampler = new Sampler(engine, networks, generator, encoder);
    }

    /** Loads the encoder, if the checkpoint has one, and the averaged generator or else the generator. */
    void load(Checkpoint checkpoint) {
        Map<String, Variables> loaded = new TreeMap<>();
        boolean averaged = checkpoint.networks().contains(Checkpoint.AVERAGE);
        loaded.put(averaged ? Checkpoint.AVERAGE : Member.GENERATOR.key(), generator);
        encoder.filter(variables -> checkpoint.networks().contains(Member.ENCODER.key()))
                .ifPresent(variables -> loaded.put(Member.ENCODER.key(), variables));
        checkpoint.readWeights(loaded);
    }

    Sampler sampler() {
        return sampler;
    }
}
