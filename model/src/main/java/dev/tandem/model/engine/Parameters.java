package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/** The parameters of one network, by name; the first use of a name declares it. */
@FunctionalInterface
public interface Parameters<T> {

    T get(ParameterSpec spec);

    default T get(String name, Initializer initializer, int... shape) {
        return get(new ParameterSpec(name, Shape.of(shape), initializer, true));
    }

    /** Something kept with the parameters that no optimizer moves. */
    default T statistic(String name, Initializer initializer, int... shape) {
        return get(new ParameterSpec(name, Shape.of(shape), initializer, false));
    }
}
