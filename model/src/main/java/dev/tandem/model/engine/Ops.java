package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The operations in which networks and losses are written, independent of the engine.
 *
 * <p>Images are (N, C, H, W). Weights have PyTorch's layouts. An operation is differentiable in every operand unless
 * its description says otherwise. {@link ShapeInference} checks the shapes of operands.
 *
 * @param <T> a value in the graph, for instance a node of the engine
 */
public interface Ops<T> {

    /** The shape of a value. */
    Shape shape(T x);

    /**
     * The weight of a convolution, and its bias if it has one.
     *
     * @param bias (O); empty: no bias
     */
    record Filter<T>(T weight, Optional<T> bias) {

        /** Applies a function to each part, for instance to get the shapes. */
        public <R> Filter<R> map(Function<T, R> function) {
            return new Filter<>(function.apply(weight), bias.map(function));
        }
    }

    /**
     * The parameters of a batch norm of C channels (Ioffe and Szegedy 2015).
     *
     * @param scale (C)
     * @param shift (C)
     * @param runningMean (C); not differentiated
     * @param runningVariance (C); not differentiated
     */
    record BatchNorm<T>(T scale, T shift, T runningMean, T runningVariance, double epsilon) {
        /** Weight of a batch's statistics in the update of the running ones; PyTorch's default. */
        public static final double MOMENTUM = 0.1;

        /** Applies a function to each parameter, for instance to get the shapes. */
        public <R> BatchNorm<R> map(Function<T, R> function) {
            return new BatchNorm<>(
                    function.apply(scale),
                    function.apply(shift),
                    function.apply(runningMean),
                    function.apply(runningVariance),
                    epsilon);
        }
    }

    /**
     * Cross-correlation with zero padding.
     *
     * @param x (N, I, H, W)
     * @param filter weight (O, I, K, K)
     * @return (N, O, (H + 2 padding - K) / stride + 1, likewise W)
     */
    T conv2d(T x, Filter<T> filter, int stride, int padding);

    /**
     * Transposed convolution: the gradient of {@link #conv2d} with respect to its input, plus a bias.
     *
     * @param x (N, I, H, W)
     * @param filter weight (I, O, K, K)
     * @return (N, O, (H - 1) stride - 2 padding + K, likewise W)
     */
    T convTranspose2d(T x, Filter<T> filter, int stride, int padding);

    /**
     * Doubles height and width by nearest neighbour, then applies {@link #conv2d} with stride 1 and padding 1.
     *
     * @param x (N, I, H, W)
     * @param filter weight (O, I, 3, 3)
     * @return (N, O, 2 H, 2 W)
     */
    T upsampledConv2d(T x, Filter<T> filter);

    /**
     * Fully connected layer: {@code x weight^T + bias}.
     *
     * @param x (N, I)
     * @param weight (O, I)
     * @param bias (O)
     * @return (N, O)
     */
    T linear(T x, T weight, T bias);

    /** Normalises every channel of every image to mean 0 and variance 1 (biased, plus epsilon); no scale, no shift. */
    T instanceNorm(T x, double epsilon);

    /**
     * Normalises every channel by its statistics over a batch. {@link Program#update} updates the running statistics.
     *
     * @param batches number of equally large batches that x concatenates; each has its own statistics, and they update
     *     the running statistics one after the other
     */
    T batchNorm(T x, BatchNorm<T> norm, int batches);

    /** Normalises every channel by the running statistics; not differentiable. */
    T batchNormInference(T x, BatchNorm<T> norm);

    /** {@code max(x, slope x)} with 0 &lt;= slope &lt; 1; slope 0 is ReLU. */
    T leakyRelu(T x, double slope);

    /** x where x is positive, else {@code e^x - 1}. */
    T elu(T x);

    T tanh(T x);

    /** {@code log(1 + e^x)}, without overflow. */
    T softplus(T x);

    T exp(T x);

    /** |x|; the gradient at 0 is 0. */
    T abs(T x);

    T square(T x);

    /** Elementwise sum of two values of one shape. */
    T add(T a, T b);

    /** Elementwise difference of two values of one shape. */
    T subtract(T a, T b);

    /** Elementwise product of two values of one shape. */
    T multiply(T a, T b);

    /** {@code scale x + shift}. */
    T affine(T x, double scale, double shift);

    /** Concatenates along an axis (0 = images, 1 = channels); all other dimensions are equal. */
    T concat(int axis, List<T> parts);

    /** Images {@code from} (inclusive) to {@code to} (exclusive) of a batch. */
    T slice(T x, int from, int to);

    /** Repeats z (N, L) at every position: (N, L, height, width). */
    T tile(T z, int height, int width);

    /** Mean over a window; padding does not count (PyTorch's count_include_pad=False). */
    T averagePool(T x, int kernel, int stride, int padding);

    /** Maximum over a window; padding does not count. */
    T maxPool(T x, int kernel, int stride, int padding);

    /** The same elements in another shape with the same first dimension. */
    T reshape(T x, Shape shape);

    /** Applies a linear map along the height and one along the width: {@code rows x columns^T} per channel. */
    T resample(T x, Resampling rows, Resampling columns);

    /** Mean over height and width: (N, C, H, W) to (N, C). */
    T spatialMean(T x);

    /** Mean over all elements: a scalar. */
    T mean(T x);

    /**
     * A copy of x by which {@link #gradientNorms} differentiates. No gradient flows through it to x.
     *
     * @throws UnsupportedOperationException if the engine has no second derivatives
     */
    default T variable(T x) {
        throw new UnsupportedOperationException("this engine has no second derivatives");
    }

    /**
     * The Euclidean norm of the gradient of a scalar by each image of a variable. It is differentiable: its gradient contains
     * second derivatives.
     *
     * @param variable (N, ...), a result of {@link #variable} on which the scalar depends
     * @return (N)
     * @throws UnsupportedOperationException if the engine has no second derivatives
     */
    default T gradientNorms(T scalar, T variable) {
        throw new UnsupportedOperationException("this engine has no second derivatives");
    }
}
