package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/** The parameters of one network by name; the first use of a name declares the parameter. */
@FunctionalInterface
public interface Parameters<T> {

    /** The parameter as a value of the graph. */
    T get(ParameterSpec spec);

    /** A trainable parameter. */
    default T get(String name, Initializer initializer, int... shape) {
        return get(new ParameterSpec(name, Shape.of(shape), initializer, true));
    }

    /** A value that is saved with the parameters, but that no optimizer updates. */
    default T statistic(String name, Initializer initializer, int... shape) {
        return get(new ParameterSpec(name, Shape.of(shape), initializer, false));
    }
}
