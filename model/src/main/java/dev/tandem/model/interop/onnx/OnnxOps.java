package dev.tandem.model.interop.onnx;

import static dev.tandem.model.interop.onnx.OnnxGraph.integer;
import static dev.tandem.model.interop.onnx.OnnxGraph.list;
import static dev.tandem.model.interop.onnx.OnnxGraph.number;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.interop.onnx.OnnxGraph.Value;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The operations as ONNX operators of opset {@value OnnxExport#OPSET}, for inference only. */
record OnnxOps(OnnxGraph graph, ShapeInference shapes) implements Ops<Value> {

    OnnxOps(OnnxGraph graph) {
        this(graph, new ShapeInference());
    }

    @Override
    public Shape shape(Value x) {
        return x.shape();
    }

    @Override
    public Value conv2d(Value x, Filter<Value> filter, int stride, int padding) {
        Shape result = shapes.conv2d(x.shape(), filter.map(Value::shape), stride, padding);
        return convolution("Conv", x, filter, stride, padding, result);
    }

    @Override
    public Value convTranspose2d(Value x, Filter<Value> filter, int stride, int padding) {
        Shape result = shapes.convTranspose2d(x.shape(), filter.map(Value::shape), stride, padding);
        if (filter.weight().shape().height() == 4 && stride == 2 && padding == 1) {
            return DoublingConvolution.TRANSPOSED.apply(graph, x, filter.weight(), filter.bias(), result);
        }
        return convolution("ConvTranspose", x, filter, stride, padding, result);
    }

    @Override
    public Value upsampledConv2d(Value x, Filter<Value> filter) {
        Shape result = shapes.upsampledConv2d(x.shape(), filter.map(Value::shape));
        return DoublingConvolution.UPSAMPLED.apply(graph, x, filter.weight(), filter.bias(), result);
    }

    @Override
    public Value linear(Value x, Value weight, Value bias) {
        Shape result = shapes.linear(x.shape(), weight.shape(), bias.shape());
        return graph.node("Gemm", result, names(x, weight, bias), integer("transB", 1));
    }

    @Override
    public Value instanceNorm(Value x, double epsilon) {
        Shape channels = Shape.of(x.shape().channels());
        double[] ones = new double[channels.size()];
        Arrays.fill(ones, 1);
        Value scale = graph.constant(channels, ones);
        Value shift = graph.constant(channels, new double[channels.size()]);
        return graph.node("InstanceNormalization", x.shape(), names(x, scale, shift), number("epsilon", epsilon));
    }

    @Override
    public Value batchNorm(Value x, BatchNorm<Value> norm, int batches) {
        throw new UnsupportedOperationException("an exported network does not train");
    }

    @Override
    public Value batchNormInference(Value x, BatchNorm<Value> norm) {
        return graph.node(
                "BatchNormalization",
                x.shape(),
                names(x, norm.scale(), norm.shift(), norm.runningMean(), norm.runningVariance()),
                number("epsilon", norm.epsilon()));
    }

    @Override
    public Value leakyRelu(Value x, double slope) {
        return slope == 0 ? elementwise("Relu", x) : elementwise("LeakyRelu", x, number("alpha", slope));
    }

    @Override
    public Value elu(Value x) {
        return elementwise("Elu", x);
    }

    @Override
    public Value tanh(Value x) {
        return elementwise("Tanh", x);
    }

    @Override
    public Value softplus(Value x) {
        return elementwise("Softplus", x);
    }

    @Override
    public Value exp(Value x) {
        return elementwise("Exp", x);
    }

    @Override
    public Value abs(Value x) {
        return elementwise("Abs", x);
    }

    @Override
    public Value square(Value x) {
        return multiply(x, x);
    }

    @Override
    public Value add(Value a, Value b) {
        return graph.node("Add", a.shape(), names(a, b));
    }

    @Override
    public Value subtract(Value a, Value b) {
        return graph.node("Sub", a.shape(), names(a, b));
    }

    @Override
    public Value multiply(Value a, Value b) {
        return graph.node("Mul", a.shape(), names(a, b));
    }

    @Override
    public Value affine(Value x, double scale, double shift) {
        Value scaled = graph.node("Mul", x.shape(), names(x, graph.constant(Shape.SCALAR, scale)));
        return graph.node("Add", x.shape(), names(scaled, graph.constant(Shape.SCALAR, shift)));
    }

    @Override
    public Value concat(int axis, List<Value> parts) {
        Shape result = shapes.concat(axis, parts.stream().map(Value::shape).toList());
        return graph.node("Concat", result, names(parts.toArray(Value[]::new)), integer("axis", axis));
    }

    @Override
    public Value slice(Value x, int from, int to) {
        return graph.node(
                "Slice",
                shapes.slice(x.shape(), from, to),
                names(x, graph.integers(from), graph.integers(to), graph.integers(0)));
    }

    @Override
    public Value tile(Value z, int height, int width) {
        Shape point = Shape.of(z.shape().batch(), z.shape().channels(), 1, 1);
        Value unsqueezed = graph.node("Unsqueeze", point, names(z, graph.integers(2, 3)));
        Value map = graph.integers(1, 1, height, width);
        return graph.node("Expand", shapes.tile(z.shape(), height, width), names(unsqueezed, map));
    }

    @Override
    public Value averagePool(Value x, int kernel, int stride, int padding) {
        Shape result = shapes.averagePool(x.shape(), kernel, stride, padding);
        return graph.node("AveragePool", result, names(x), window(kernel, stride, padding));
    }

    @Override
    public Value maxPool(Value x, int kernel, int stride, int padding) {
        Shape result = shapes.maxPool(x.shape(), kernel, stride, padding);
        return graph.node("MaxPool", result, names(x), window(kernel, stride, padding));
    }

    @Override
    public Value reshape(Value x, Shape shape) {
        // In ONNX, 0 keeps a dimension, here the variable batch.
        long[] dimensions = shapes.reshape(x.shape(), shape).dimensions().stream()
                .mapToLong(d -> d)
                .toArray();
        dimensions[0] = 0;
        return graph.node("Reshape", shape, names(x, graph.integers(dimensions)));
    }

    @Override
    public Value resample(Value x, Resampling rows, Resampling columns) {
        Shape wide = x.shape().withDim(3, columns.to());
        Value right = graph.constant(Shape.of(columns.from(), columns.to()), transposed(columns));
        Value left = graph.constant(Shape.of(rows.to(), rows.from()), rows.matrix());
        Value widened = graph.node("MatMul", wide, names(x, right));
        return graph.node("MatMul", wide.withDim(2, rows.to()), names(left, widened));
    }

    @Override
    public Value spatialMean(Value x) {
        return graph.node(
                "ReduceMean", shapes.spatialMean(x.shape()), names(x), list("axes", 2, 3), integer("keepdims", 0));
    }

    @Override
    public Value mean(Value x) {
        return graph.node("ReduceMean", Shape.SCALAR, names(x), integer("keepdims", 0));
    }

    private Value elementwise(String operator, Value x, AttributeProto... attributes) {
        return graph.node(operator, x.shape(), names(x), attributes);
    }

    private Value convolution(String operator, Value x, Filter<Value> filter, int stride, int padding, Shape result) {
        List<String> inputs = new ArrayList<>(names(x, filter.weight()));
        filter.bias().ifPresent(bias -> inputs.add(bias.name()));
        return graph.node(
                operator, result, inputs, window(filter.weight().shape().height(), stride, padding));
    }

    private static AttributeProto[] window(int kernel, int stride, int padding) {
        return new AttributeProto[] {
            list("kernel_shape", kernel, kernel),
            list("strides", stride, stride),
            list("pads", padding, padding, padding, padding)
        };
    }

    private static double[] transposed(Resampling map) {
        double[] transposed = new double[map.matrix().length];
        for (int i = 0; i < map.to(); i++) {
            for (int j = 0; j < map.from(); j++) {
                transposed[j * map.to() + i] = map.matrix()[i * map.from() + j];
            }
        }
        return transposed;
    }

    private static List<String> names(Value... values) {
        return Arrays.stream(values).map(Value::name).toList();
    }
}
