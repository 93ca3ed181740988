package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.tensor.Shape;
import java.util.List;

/** The operations on a tape. Infers and checks shapes, then calls the class that implements the operation. */
final class Nd4jOps implements Ops<Node> {
    private final Tape tape;
    private final ShapeInference shapes = new ShapeInference();

    Nd4jOps(Tape tape) {
        this.tape = tape;
    }

    @Override
    public Shape shape(Node x) {
        return x.shape();
    }

    @Override
    public Node conv2d(Node x, Filter<Node> filter, int stride, int padding) {
        Shape result = shapes.conv2d(x.shape(), filter.map(Node::shape), stride, padding);
        return Convolution.of(filter, stride, padding).apply(tape, x, result);
    }

    @Override
    public Node convTranspose2d(Node x, Filter<Node> filter, int stride, int padding) {
        Shape result = shapes.convTranspose2d(x.shape(), filter.map(Node::shape), stride, padding);
        return Convolution.transposedOf(filter, stride, padding).apply(tape, x, result);
    }

    @Override
    public Node upsampledConv2d(Node x, Filter<Node> filter) {
        return UpsampledConvolution.apply(tape, x, filter, shapes.upsampledConv2d(x.shape(), filter.map(Node::shape)));
    }

    @Override
    public Node linear(Node x, Node weight, Node bias) {
        return Linear.apply(tape, x, weight, bias, shapes.linear(x.shape(), weight.shape(), bias.shape()));
    }

    @Override
    public Node instanceNorm(Node x, double epsilon) {
        shapes.instanceNorm(x.shape(), epsilon);
        return BatchNormalization.instance(tape, x, epsilon);
    }

    @Override
    public Node batchNorm(Node x, BatchNorm<Node> norm, int batches) {
        shapes.batchNorm(x.shape(), norm.map(Node::shape), batches);
        return BatchNormalization.batch(tape, x, norm, batches);
    }

    @Override
    public Node batchNormInference(Node x, BatchNorm<Node> norm) {
        shapes.batchNormInference(x.shape(), norm.map(Node::shape));
        return BatchNormalization.running(tape, x, norm);
    }

    @Override
    public Node leakyRelu(Node x, double slope) {
        return Pointwise.leakyRelu(tape, x, slope);
    }

    @Override
    public Node elu(Node x) {
        return Pointwise.elu(tape, x);
    }

    @Override
    public Node softplus(Node x) {
        return Pointwise.softplus(tape, x);
    }

    @Override
    public Node tanh(Node x) {
        return Pointwise.tanh(tape, x);
    }

    @Override
    public Node exp(Node x) {
        return Pointwise.exp(tape, x);
    }

    @Override
    public Node abs(Node x) {
        return Pointwise.abs(tape, x);
    }

    @Override
    public Node square(Node x) {
        return Pointwise.square(tape, x);
    }

    @Override
    public Node add(Node a, Node b) {
        shapes.add(a.shape(), b.shape());
        return Pointwise.add(tape, a, b);
    }

    @Override
    public Node subtract(Node a, Node b) {
        shapes.subtract(a.shape(), b.shape());
        return Pointwise.subtract(tape, a, b);
    }

    @Override
    public Node multiply(Node a, Node b) {
        shapes.multiply(a.shape(), b.shape());
        return Pointwise.multiply(tape, a, b);
    }

    @Override
    public Node affine(Node x, double scale, double shift) {
        return Pointwise.affine(tape, x, scale, shift);
    }

    @Override
    public Node concat(int axis, List<Node> parts) {
        Shape result = shapes.concat(axis, parts.stream().map(Node::shape).toList());
        return Layout.concat(tape, axis, parts, result);
    }

    @Override
    public Node slice(Node x, int from, int to) {
        return Layout.slice(tape, x, from, to, shapes.slice(x.shape(), from, to));
    }

    @Override
    public Node tile(Node z, int height, int width) {
        return Layout.tile(tape, z, shapes.tile(z.shape(), height, width));
    }

    @Override
    public Node averagePool(Node x, int kernel, int stride, int padding) {
        return Pooling.average(
                tape, x, kernel, stride, padding, shapes.averagePool(x.shape(), kernel, stride, padding));
    }

    @Override
    public Node maxPool(Node x, int kernel, int stride, int padding) {
        return Pooling.max(tape, x, kernel, stride, padding, shapes.maxPool(x.shape(), kernel, stride, padding));
    }

    @Override
    public Node reshape(Node x, Shape shape) {
        return Layout.reshape(tape, x, shapes.reshape(x.shape(), shape));
    }

    @Override
    public Node resample(Node x, Resampling rows, Resampling columns) {
        shapes.resample(x.shape(), rows, columns);
        return Resample.apply(tape, x, rows, columns);
    }

    @Override
    public Node spatialMean(Node x) {
        return Pooling.spatialMean(tape, x, shapes.spatialMean(x.shape()));
    }

    @Override
    public Node mean(Node x) {
        return Pooling.mean(tape, x);
    }
}
