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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fixed weights in the variables of an engine. The engine frees variables only when it closes, so all that were allocated
 * are used again.
 */
final class EngineWeights implements FixedWeights {
    private final Engine engine;
    private final Networks networks;
    private final Map<Member, Variables> current = new EnumMap<>(Member.class);
    /** The weights of the next checkpoint until all of them are read; allocated when the first ones are replaced. */
    private final Map<Member, Variables> next = new EnumMap<>(Member.class);
    /** Empty until weights are set. */
    private Optional<Sampler> sampler = Optional.empty();

    EngineWeights(Engine engine, Networks networks) {
        this.engine = engine;
        this.networks = networks;
    }

    @Override
    public void load(Checkpoint checkpoint) {
        allocate(current);
        if (sampler.isEmpty()) {
            read(checkpoint, current);
            sampler = Optional.of(sampler());
            return;
        }
        allocate(next);
        read(checkpoint, next).forEach(member -> engine.copy(next.get(member), current.get(member)));
    }

    @Override
    public void initialise(Settings settings) {
        allocate(current);
        current.forEach((member, variables) ->
                Weights.initialise(variables, member, settings.train().seed()));
        sampler = Optional.of(sampler());
    }

    /** After a failure, the next call allocates only what is missing. */
    private void allocate(Map<Member, Variables> weights) {
        for (Member member : List.of(Member.GENERATOR, Member.ENCODER)) {
            if (networks.members().contains(member)) {
                weights.computeIfAbsent(member, added -> engine.allocateConstant(networks.parameters(added)));
            }
        }
    }

    /** Returns the networks that the checkpoint has. */
    private static List<Member> read(Checkpoint checkpoint, Map<Member, Variables> weights) {
        List<Member> members = weights.keySet().stream()
                .filter(member -> checkpoint.networks().contains(member.key()))
                .toList();
        boolean averaged = checkpoint.networks().contains(Checkpoint.AVERAGE);
        Map<String, Variables> byKey = new TreeMap<>();
        members.forEach(member -> byKey.put(
                averaged && member == Member.GENERATOR ? Checkpoint.AVERAGE : member.key(), weights.get(member)));
        // All weights in one call, which keeps the file open: the training process may remove the checkpoint meanwhile.
        checkpoint.readWeights(byKey);
        return members;
    }

    private Sampler sampler() {
        return new Sampler(
                engine, networks, current.get(Member.GENERATOR), Optional.ofNullable(current.get(Member.ENCODER)));
    }

    @Override
    public Translator translator() {
        return sampler.orElseThrow(() -> new IllegalStateException("no weights are set"));
    }

    @Override
    public void close() {
        // The engine owns the variables.
    }
}
