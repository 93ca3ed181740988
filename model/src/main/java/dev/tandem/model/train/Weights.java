package dev.tandem.model.train;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The parameters of all networks of a model on the device. */
public record Weights(Map<Member, Variables> members) {

    public Weights {
        members = Map.copyOf(members);
    }

    /** Allocates and initialises all parameters, random by the seed and the parameter's name. */
    public static Weights initialised(Engine engine, Networks networks, long seed) {
        Map<Member, Variables> members = new EnumMap<>(Member.class);
        for (Member member : networks.members()) {
            Variables variables = engine.allocate(networks.parameters(member));
            for (ParameterSpec spec : variables.specs()) {
                RandomGenerator random = Noise.generator(seed, member.key() + "." + spec.name());
                variables.write(Kind.VALUE, spec.name(), spec.initializer().draw(spec.shape(), random));
            }
            members.put(member, variables);
        }
        return new Weights(members);
    }

    /** @throws IllegalArgumentException if the model has no such network */
    public Variables of(Member member) {
        return find(member).orElseThrow(() -> new IllegalArgumentException("the model has no " + member.key()));
    }

    /** Empty if the model has no such network. */
    public Optional<Variables> find(Member member) {
        return Optional.ofNullable(members.get(member));
    }
}
