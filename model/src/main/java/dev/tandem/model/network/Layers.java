package dev.tandem.model.network;

import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;

/** Layers with parameters: a name, and as many channels in as come in. */
record Layers<T>(Ops<T> ops, Parameters<T> parameters) {
    static final double NORM_EPSILON = 1e-5;
    static final double LEAK = 0.2;

    /** The authors' init: Xavier normal with gain 0.02 for weights, zero for biases. */
    private static final Initializer WEIGHT = Initializer.xavierNormal(0.02);

    T conv(String name, T x, int channels, int kernel, int stride, int padding) {
        T weight =
                parameters.get(name + ".weight", WEIGHT, channels, ops.shape(x).channels(), kernel, kernel);
        return ops.conv2d(x, weight, bias(name, channels), stride, padding);
    }

    T convTranspose(String name, T x, int channels, int kernel, int stride, int padding) {
        T weight = parameters.get(name + ".weight", WEIGHT, ops.shape(x).channels(), channels, kernel, kernel);
        return ops.convTranspose2d(x, weight, bias(name, channels), stride, padding);
    }

    T linear(String name, T x, int features) {
        T weight =
                parameters.get(name + ".weight", WEIGHT, features, ops.shape(x).channels());
        return ops.linear(x, weight, bias(name, features));
    }

    T norm(T x) {
        return ops.instanceNorm(x, NORM_EPSILON);
    }

    T leakyRelu(T x) {
        return ops.leakyRelu(x, LEAK);
    }

    T relu(T x) {
        return ops.leakyRelu(x, 0);
    }

    private T bias(String name, int length) {
        return parameters.get(name + ".bias", Initializer.ZEROS, length);
    }
}
