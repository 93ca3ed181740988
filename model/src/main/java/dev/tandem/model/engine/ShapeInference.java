package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;
import java.util.List;

/**
 * The operations on shapes alone: computes the shape of each result and checks the shapes of all operands.
 *
 * <p>A wrong shape causes an {@link IllegalArgumentException} with the expected and the actual shape.
 */
public final class ShapeInference implements Ops<Shape> {

    @Override
    public Shape shape(Shape x) {
        return x;
    }

    @Override
    public Shape conv2d(Shape x, Filter<Shape> filter, int stride, int padding) {
        Shape weight = filter.weight();
        expect("conv2d weight", Shape.of(weight.dim(0), x.channels(), weight.dim(2), weight.dim(2)), weight);
        filter.bias().ifPresent(bias -> expect("conv2d bias", Shape.of(weight.dim(0)), bias));
        return Shape.of(
                x.batch(),
                weight.dim(0),
                convolved("conv2d", x.height(), weight.dim(2), stride, padding),
                convolved("conv2d", x.width(), weight.dim(2), stride, padding));
    }

    @Override
    public Shape convTranspose2d(Shape x, Filter<Shape> filter, int stride, int padding) {
        Shape weight = filter.weight();
        expect("convTranspose2d weight", Shape.of(x.channels(), weight.dim(1), weight.dim(2), weight.dim(2)), weight);
        filter.bias().ifPresent(bias -> expect("convTranspose2d bias", Shape.of(weight.dim(1)), bias));
        int growth = weight.dim(2) - 2 * padding;
        return Shape.of(
                x.batch(), weight.dim(1), (x.height() - 1) * stride + growth, (x.width() - 1) * stride + growth);
    }

    @Override
    public Shape upsampledConv2d(Shape x, Filter<Shape> filter) {
        return conv2d(x.withDim(2, 2 * x.height()).withDim(3, 2 * x.width()), filter, 1, 1);
    }

    @Override
    public Shape linear(Shape x, Shape weight, Shape bias) {
        expect("linear weight", Shape.of(weight.dim(0), x.channels()), weight);
        expect("linear bias", Shape.of(weight.dim(0)), bias);
        return Shape.of(x.batch(), weight.dim(0));
    }

    @Override
    public Shape instanceNorm(Shape x, double epsilon) {
        return image("instanceNorm", x);
    }

    @Override
    public Shape batchNorm(Shape x, BatchNorm<Shape> norm, int batches) {
        if (x.batch() % batches != 0) {
            throw new IllegalArgumentException("batchNorm: " + x.batch() + " images are not " + batches + " batches");
        }
        Shape channels = Shape.of(image("batchNorm", x).channels());
        expect("batchNorm scale", channels, norm.scale());
        expect("batchNorm shift", channels, norm.shift());
        expect("batchNorm running mean", channels, norm.runningMean());
        expect("batchNorm running variance", channels, norm.runningVariance());
        return x;
    }

    @Override
    public Shape batchNormInference(Shape x, BatchNorm<Shape> norm) {
        return batchNorm(x, norm, 1);
    }

    @Override
    public Shape leakyRelu(Shape x, double slope) {
        return x;
    }

    @Override
    public Shape elu(Shape x) {
        return x;
    }

    @Override
    public Shape softplus(Shape x) {
        return x;
    }

    @Override
    public Shape tanh(Shape x) {
        return x;
    }

    @Override
    public Shape exp(Shape x) {
        return x;
    }

    @Override
    public Shape abs(Shape x) {
        return x;
    }

    @Override
    public Shape square(Shape x) {
        return x;
    }

    @Override
    public Shape add(Shape a, Shape b) {
        return same("add", a, b);
    }

    @Override
    public Shape subtract(Shape a, Shape b) {
        return same("subtract", a, b);
    }

    @Override
    public Shape multiply(Shape a, Shape b) {
        return same("multiply", a, b);
    }

    @Override
    public Shape affine(Shape x, double scale, double shift) {
        return x;
    }

    @Override
    public Shape concat(int axis, List<Shape> parts) {
        Shape first = parts.get(0);
        int total = 0;
        for (Shape part : parts) {
            expect("concat part", first.withDim(axis, part.dim(axis)), part);
            total += part.dim(axis);
        }
        return first.withDim(axis, total);
    }

    @Override
    public Shape slice(Shape x, int from, int to) {
        if (from < 0 || to > x.batch() || from >= to) {
            throw new IllegalArgumentException("slice " + from + " to " + to + " of " + x);
        }
        return x.withBatch(to - from);
    }

    @Override
    public Shape tile(Shape z, int height, int width) {
        return Shape.of(z.batch(), z.channels(), height, width);
    }

    @Override
    public Shape averagePool(Shape x, int kernel, int stride, int padding) {
        return pooled("averagePool", x, kernel, stride, padding);
    }

    @Override
    public Shape maxPool(Shape x, int kernel, int stride, int padding) {
        return pooled("maxPool", x, kernel, stride, padding);
    }

    @Override
    public Shape reshape(Shape x, Shape shape) {
        if (x.size() != shape.size() || x.batch() != shape.batch()) {
            throw new IllegalArgumentException("reshape: " + x + " cannot become " + shape);
        }
        return shape;
    }

    @Override
    public Shape resample(Shape x, Resampling rows, Resampling columns) {
        expect("resample", x.withDim(2, rows.from()).withDim(3, columns.from()), x);
        return x.withDim(2, rows.to()).withDim(3, columns.to());
    }

    @Override
    public Shape spatialMean(Shape x) {
        image("spatialMean", x);
        return Shape.of(x.batch(), x.channels());
    }

    @Override
    public Shape mean(Shape x) {
        return Shape.SCALAR;
    }

    @Override
    public Shape variable(Shape x) {
        return x;
    }

    @Override
    public Shape gradientNorms(Shape scalar, Shape variable) {
        expect("gradientNorms", Shape.SCALAR, scalar);
        return Shape.of(variable.batch());
    }

    private static Shape pooled(String operation, Shape x, int kernel, int stride, int padding) {
        return image(operation, x)
                .withDim(2, convolved(operation, x.height(), kernel, stride, padding))
                .withDim(3, convolved(operation, x.width(), kernel, stride, padding));
    }

    private static int convolved(String operation, int length, int kernel, int stride, int padding) {
        int range = length + 2 * padding - kernel;
        if (range < 0) {
            throw new IllegalArgumentException(
                    operation + ": a window of " + kernel + " does not fit " + length + " padded by " + padding);
        }
        return range / stride + 1;
    }

    private static Shape image(String operation, Shape x) {
        if (x.rank() != 4) {
            throw new IllegalArgumentException(operation + ": expected (N, C, H, W), got " + x);
        }
        return x;
    }

    private static Shape same(String operation, Shape a, Shape b) {
        expect(operation, a, b);
        return a;
    }

    private static void expect(String operation, Shape expected, Shape actual) {
        if (!expected.equals(actual)) {
            throw new IllegalArgumentException(operation + ": expected " + expected + ", got " + actual);
        }
    }
}
