package dev.tandem.model.train;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
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
            initialise(variables, member, seed);
            members.put(member, variables);
        }
        return new Weights(members);
    }

    /** Writes initial values into all parameters of a network. */
    public static void initialise(Variables variables, Member member, long seed) {
        variables.specs().forEach(spec -> variables.write(Kind.VALUE, spec.name(), initialValue(member, spec, seed)));
    }

    /** The initial value of a parameter, random by the seed and the parameter's name. */
    public static Tensor initialValue(Member member, ParameterSpec spec, long seed) {
        RandomGenerator random = Noise.generator(seed, member.key() + "." + spec.name());
        return spec.initializer().draw(spec.shape(), random);
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
