package dev.tandem.model.network;

import dev.tandem.config.ModelSettings.Norm;
import dev.tandem.config.TrainSettings.Init;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Ops.BatchNorm;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Shape;
import java.util.Optional;

/** Layers with parameters, by name; the number of input channels follows from the input. */
record Layers<T>(ForwardPass<T> pass, Style style) {
    private static final double LEAKY_SLOPE = 0.2;
    private static final int MAX_GROUP = 16;

    /** Chooses the initializer of a bias by the fan-in of its weight. */
    @FunctionalInterface
    interface BiasInit {
        Initializer of(int fanIn);
    }

    /**
     * The normalisation and the initializers that all layers of a network share.
     *
     * @param epsilon added to the variance by the normalisation
     * @param weight for weights of convolutions
     * @param linear for weights of fully connected layers
     * @param bias for all biases except those of batch norms
     * @param scale for the scale of a batch norm
     */
    record Style(Norm norm, double epsilon, Initializer weight, Initializer linear, BiasInit bias, Initializer scale) {
        private static final double EPSILON = 1e-5;

        /** The authors' style: one initializer for all weights, and biases of 0. */
        static Style paper(Norm norm, Init init) {
            Initializer weight = weight(init);
            Initializer scale = Initializer.normal(1, init.gain());
            return new Style(norm, EPSILON, weight, weight, fanIn -> Initializer.ZEROS, scale);
        }

        /** The style of PyTorch-GAN: convolutions by {@code init}, the rest by PyTorch's defaults, epsilon 0.8. */
        static Style seed(Init init) {
            Initializer scale = Initializer.normal(1, init.gain());
            return new Style(Norm.BATCH, 0.8, weight(init), pytorchLinear(), Style::pytorch, scale);
        }

        /** The style of torchvision's ResNet-18. */
        static Style resnet18() {
            Initializer weight = Initializer.kaimingNormalByFanOut();
            return new Style(Norm.BATCH, EPSILON, weight, pytorchLinear(), Style::pytorch, Initializer.constant(1));
        }

        private static Initializer weight(Init init) {
            return switch (init.type()) {
                case XAVIER -> Initializer.xavierNormal(init.gain());
                case NORMAL -> Initializer.normal(0, init.gain());
                case KAIMING -> Initializer.kaimingNormal();
                case ORTHOGONAL -> Initializer.orthogonal(init.gain());
            };
        }

        private static Initializer pytorchLinear() {
            return (shape, random) -> pytorch(shape.dim(1)).draw(shape, random);
        }

        /** PyTorch's default: uniform between plus and minus {@code 1 / sqrt(fanIn)}. */
        private static Initializer pytorch(int fanIn) {
            return Initializer.uniform(1 / Math.sqrt(fanIn));
        }
    }

    Ops<T> ops() {
        return pass.ops();
    }

    T conv(String name, T x, int channels, int kernel, int stride, int padding) {
        return ops().conv2d(x, filter(name, x, channels, kernel, true), stride, padding);
    }

    T convWithoutBias(String name, T x, int channels, int kernel, int stride, int padding) {
        return ops().conv2d(x, filter(name, x, channels, kernel, false), stride, padding);
    }

    T upsampledConv(String name, T x, int channels) {
        return ops().upsampledConv2d(x, filter(name, x, channels, 3, true));
    }

    T upsampledConvWithoutBias(String name, T x, int channels) {
        return ops().upsampledConv2d(x, filter(name, x, channels, 3, false));
    }

    T convTranspose(String name, T x, int channels, int kernel, int stride, int padding) {
        T weight = parameters().get(name + ".weight", style.weight(), channelsOf(x), channels, kernel, kernel);
        T bias = bias(name, channels, channels * kernel * kernel);
        return ops().convTranspose2d(x, new Filter<>(weight, Optional.of(bias)), stride, padding);
    }

    T linear(String name, T x, int features) {
        T weight = parameters().get(name + ".weight", style.linear(), features, channelsOf(x));
        return ops().linear(x, weight, bias(name, features, channelsOf(x)));
    }

    /** The style's normalisation; the parameters of a batch norm are named {@code name.norm}. */
    T norm(String name, T x) {
        return switch (style.norm()) {
            case INSTANCE -> ops().instanceNorm(x, style.epsilon());
            case BATCH -> batchNorm(name + ".norm", x);
            case GROUP -> groupNorm(x);
            case NONE -> x;
        };
    }

    /**
     * Instance norm of groups of channels, each as one tall channel.
     *
     * <p>Source: Wu and He, "Group Normalization", ECCV 2018.
     */
    private T groupNorm(T x) {
        Shape shape = ops().shape(x);
        int perGroup = groupSize(shape.channels());
        Shape grouped = Shape.of(shape.batch(), shape.channels() / perGroup, perGroup * shape.height(), shape.width());
        return ops().reshape(ops().instanceNorm(ops().reshape(x, grouped), style.epsilon()), shape);
    }

    /** The largest divisor of the number of channels that is not above 16, the paper's best size. */
    private static int groupSize(int channels) {
        int size = Math.min(MAX_GROUP, channels);
        while (channels % size != 0) {
            size--;
        }
        return size;
    }

    /** Scales and shifts the channels of x (N, C, H, W) by linear functions of z (N, L): {@code (1 + scale) x + shift}. */
    T modulated(String name, T x, T z) {
        Shape shape = ops().shape(x);
        T scale = ops().affine(linear(name + ".scale", z, shape.channels()), 1, 1);
        T shift = linear(name + ".shift", z, shape.channels());
        T scaled = ops().multiply(x, ops().tile(scale, shape.height(), shape.width()));
        return ops().add(scaled, ops().tile(shift, shape.height(), shape.width()));
    }

    T leakyRelu(T x) {
        return ops().leakyRelu(x, LEAKY_SLOPE);
    }

    T relu(T x) {
        return ops().leakyRelu(x, 0);
    }

    /** Averages features (N, F, h, w) over the whole map, and computes mean and log variance from them. */
    Posterior<T> posterior(T features, int latent) {
        T pooled = ops().spatialMean(features); // (N, F)
        return new Posterior<>(linear("mu", pooled, latent), linear("logvar", pooled, latent));
    }

    private T batchNorm(String name, T x) {
        int channels = channelsOf(x);
        BatchNorm<T> norm = new BatchNorm<>(
                parameters().get(name + ".weight", style.scale(), channels),
                parameters().get(name + ".bias", Initializer.ZEROS, channels),
                parameters().statistic(name + ".running_mean", Initializer.ZEROS, channels),
                parameters().statistic(name + ".running_var", Initializer.constant(1), channels),
                style.epsilon());
        return pass.training() ? ops().batchNorm(x, norm, pass.batches()) : ops().batchNormInference(x, norm);
    }

    private Filter<T> filter(String name, T x, int channels, int kernel, boolean biased) {
        int inputs = channelsOf(x);
        T weight = parameters().get(name + ".weight", style.weight(), channels, inputs, kernel, kernel);
        return new Filter<>(
                weight, biased ? Optional.of(bias(name, channels, inputs * kernel * kernel)) : Optional.empty());
    }

    private T bias(String name, int length, int fanIn) {
        return parameters().get(name + ".bias", style.bias().of(fanIn), length);
    }

    private int channelsOf(T x) {
        return ops().shape(x).channels();
    }

    private Parameters<T> parameters() {
        return pass.parameters();
    }
}
