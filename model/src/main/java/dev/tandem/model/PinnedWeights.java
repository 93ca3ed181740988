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

/** The generator and encoder of a checkpoint, to translate with beside a model that goes on learning. */
final class PinnedWeights {
    private final Variables generator;
    private final Optional<Variables> encoder;
    private final Sampler sampler;

    /** Reserves room; one checkpoint after another can be read into it. */
    PinnedWeights(Engine engine, Networks networks) {
        this.generator = engine.allocateConstant(networks.parameters(Member.GENERATOR));
        this.encoder = networks.members().contains(Member.ENCODER)
                ? Optional.of(engine.allocateConstant(networks.parameters(Member.ENCODER)))
                : Optional.empty();
        this.sampler = new Sampler(engine, networks, generator, encoder);
    }

    /** The averaged generator where there is one, as with files. */
    void read(Checkpoint checkpoint) {
        Map<String, Variables> wanted = new TreeMap<>();
        boolean averaged = checkpoint.networks().contains(Checkpoint.AVERAGE);
        wanted.put(averaged ? Checkpoint.AVERAGE : Member.GENERATOR.key(), generator);
        encoder.filter(variables -> checkpoint.networks().contains(Member.ENCODER.key()))
                .ifPresent(variables -> wanted.put(Member.ENCODER.key(), variables));
        checkpoint.readWeights(wanted);
    }

    Sampler sampler() {
        return sampler;
    }
}
