package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Computes the initial value of a parameter.
 *
 * <p>Fans are those of PyTorch: a weight (O, I, K, K) has fan-in I K K and fan-out O K K.
 */
@FunctionalInterface
public interface Initializer {

    Initializer ZEROS = constant(0);

    /** Draws an initial value of a shape. */
    Tensor draw(Shape shape, RandomGenerator random);

    /** Every element is {@code value}. */
    static Initializer constant(float value) {
        return (shape, random) -> {
            float[] data = new float[shape.size()];
            Arrays.fill(data, value);
            return new Tensor(shape, data);
        };
    }

    /** Normal with a mean and a standard deviation. */
    static Initializer normal(double mean, double deviation) {
        return (shape, random) -> {
            float[] data = new float[shape.size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) (mean + deviation * random.nextGaussian());
            }
            return new Tensor(shape, data);
        };
    }

    /** Uniform between {@code -bound} and {@code bound}. */
    static Initializer uniform(double bound) {
        return (shape, random) -> {
            float[] data = new float[shape.size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            return new Tensor(shape, data);
        };
    }

    /** Normal with standard deviation {@code gain sqrt(2 / (fanIn + fanOut))} (Glorot and Bengio 2010). */
    static Initializer xavierNormal(double gain) {
        return (shape, random) -> {
            double deviation = gain * Math.sqrt(2.0 / (fanIn(shape) + fanOut(shape)));
            return normal(0, deviation).draw(shape, random);
        };
    }

    /** Normal with standard deviation {@code sqrt(2 / fanIn)} (He et al. 2015). */
    static Initializer kaimingNormal() {
        return (shape, random) -> normal(0, Math.sqrt(2.0 / fanIn(shape))).draw(shape, random);
    }

    /** Normal with standard deviation {@code sqrt(2 / fanOut)}, the initialization of torchvision's ResNets. */
    static Initializer kaimingNormalByFanOut() {
        return (shape, random) -> normal(0, Math.sqrt(2.0 / fanOut(shape))).draw(shape, random);
    }

    /** Orthonormal rows, or columns if there are fewer of them, times {@code gain} (Saxe et al. 2013). */
    static Initializer orthogonal(double gain) {
        return (shape, random) -> {
            int rows = shape.dim(0);
            int columns = shape.size() / rows;
            double[][] basis = orthonormal(Math.min(rows, columns), Math.max(rows, columns), random);
            float[] data = new float[shape.size()];
            for (int i = 0; i < data.length; i++) {
                int row = i / columns;
                int column = i % columns;
                data[i] = (float) (gain * (rows <= columns ? basis[row][column] : basis[column][row]));
            }
            return new Tensor(shape, data);
        };
    }

    private static double fanIn(Shape shape) {
        return shape.dim(1) * kernelArea(shape);
    }

    private static double fanOut(Shape shape) {
        return shape.dim(0) * kernelArea(shape);
    }

    private static double kernelArea(Shape shape) {
        return shape.rank() == 4 ? shape.height() * shape.width() : 1;
    }

    /** Gaussian vectors, orthonormalized by the modified Gram-Schmidt process. */
    private static double[][] orthonormal(int vectors, int length, RandomGenerator random) {
        double[][] basis = new double[vectors][length];
        for (double[] vector : basis) {
            Arrays.setAll(vector, i -> random.nextGaussian());
        }
        for (int i = 0; i < vectors; i++) {
            double[] unit = basis[i];
            double norm = Math.sqrt(dot(unit, unit));
            Arrays.setAll(unit, k -> unit[k] / norm);
            IntStream.range(i + 1, vectors).parallel().forEach(j -> {
                double[] other = basis[j];
                double projection = dot(unit, other);
                for (int k = 0; k < length; k++) {
                    other[k] -= projection * unit[k];
                }
            });
        }
        return basis;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
