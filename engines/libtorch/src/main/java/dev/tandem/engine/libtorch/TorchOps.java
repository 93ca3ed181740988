package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The operations as instructions of a recorder. Infers and checks shapes. */
final class TorchOps implements Ops<Value> {
    private static final int IMAGES = 0;
    /** Above this x, softplus is x; the difference is below double precision. */
    private static final double SOFTPLUS_THRESHOLD = 40;

    private final Recorder recorder;
    private final ShapeInference shapes = new ShapeInference();

    TorchOps(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public Shape shape(Value x) {
        return x.shape();
    }

    @Override
    public Value conv2d(Value x, Filter<Value> filter, int stride, int padding) {
        return filtered(
                "conv2d",
                shapes.conv2d(x.shape(), filter.map(Value::shape), stride, padding),
                x,
                filter,
                (images, weight, bias) -> Convolution.of(images, weight, bias, stride, padding));
    }

    @Override
    public Value convTranspose2d(Value x, Filter<Value> filter, int stride, int padding) {
        return filtered(
                "conv_transpose2d",
                shapes.convTranspose2d(x.shape(), filter.map(Value::shape), stride, padding),
                x,
                filter,
                (images, weight, bias) -> Convolution.transposed(images, weight, bias, stride, padding));
    }

    @Override
    public Value upsampledConv2d(Value x, Filter<Value> filter) {
        return filtered(
                "upsample_nearest2d and conv2d",
                shapes.upsampledConv2d(x.shape(), filter.map(Value::shape)),
                x,
                filter,
                Convolution::ofUpsampled);
    }

    private Value filtered(String name, Shape shape, Value x, Filter<Value> filter, Convolution.Operation convolution) {
        List<Value> operands = new ArrayList<>(List.of(x, filter.weight()));
        filter.bias().ifPresent(operands::add);
        return recorder.append(
                name,
                shape,
                operands,
                tensors -> convolution.apply(
                        tensors.get(0),
                        tensors.get(1),
                        filter.bias().isPresent() ? new TensorOptional(tensors.get(2)) : new TensorOptional()));
    }

    @Override
    public Value linear(Value x, Value weight, Value bias) {
        return recorder.append(
                "linear",
                shapes.linear(x.shape(), weight.shape(), bias.shape()),
                List.of(x, weight, bias),
                tensors -> torch.linear(tensors.get(0), tensors.get(1), new TensorOptional(tensors.get(2))));
    }

    @Override
    public Value instanceNorm(Value x, double epsilon) {
        return unary(
                "instance_norm",
                shapes.instanceNorm(x.shape(), epsilon),
                x,
                images -> Normalization.perImage(images, epsilon));
    }

    @Override
    public Value batchNorm(Value x, BatchNorm<Value> norm, int batches) {
        Shape shape = shapes.batchNorm(x.shape(), norm.map(Value::shape), batches);
        int count = shape.batch() / batches * shape.height() * shape.width();
        RunningStatistics statistics =
                recorder.trackStatistics(norm.runningMean(), norm.runningVariance(), norm.epsilon(), count, batches);
        return recorder.append(
                "native_batch_norm",
                shape,
                List.of(x, norm.scale(), norm.shift()),
                tensors -> Normalization.perBatch(tensors, batches, norm.epsilon(), statistics));
    }

    @Override
    public Value batchNormInference(Value x, BatchNorm<Value> norm) {
        return recorder.append(
                "batch_norm",
                shapes.batchNormInference(x.shape(), norm.map(Value::shape)),
                List.of(x, norm.scale(), norm.shift(), norm.runningMean(), norm.runningVariance()),
                tensors -> Normalization.byRunningStatistics(tensors, norm.epsilon()));
    }

    @Override
    public Value leakyRelu(Value x, double slope) {
        return slope == 0
                ? unary("relu", x, torch::relu)
                : unary("leaky_relu", x, tensor -> torch.leaky_relu(tensor, new Scalar(slope)));
    }

    @Override
    public Value elu(Value x) {
        return unary("elu", x, torch::elu);
    }

    @Override
    public Value tanh(Value x) {
        return unary("tanh", x, tensor -> torch.tanh(full(tensor)));
    }

    @Override
    public Value softplus(Value x) {
        return unary(
                "softplus", x, tensor -> torch.softplus(full(tensor), new Scalar(1.0), new Scalar(SOFTPLUS_THRESHOLD)));
    }

    @Override
    public Value exp(Value x) {
        return unary("exp", x, tensor -> torch.exp(full(tensor)));
    }

    @Override
    public Value abs(Value x) {
        return unary("abs", x, tensor -> torch.abs(full(tensor)));
    }

    @Override
    public Value square(Value x) {
        return unary("square", x, tensor -> torch.square(full(tensor)));
    }

    @Override
    public Value add(Value a, Value b) {
        return binary("add", shapes.add(a.shape(), b.shape()), a, b, torch::add);
    }

    @Override
    public Value subtract(Value a, Value b) {
        return binary("sub", shapes.subtract(a.shape(), b.shape()), a, b, (x, y) -> torch.sub(full(x), full(y)));
    }

    @Override
    public Value multiply(Value a, Value b) {
        return binary("mul", shapes.multiply(a.shape(), b.shape()), a, b, torch::mul);
    }

    @Override
    public Value affine(Value x, double scale, double shift) {
        return unary(
                "mul and add", x, tensor -> torch.add(torch.mul(full(tensor), new Scalar(scale)), new Scalar(shift)));
    }

    @Override
    public Value concat(int axis, List<Value> parts) {
        return recorder.append(
                "cat",
                shapes.concat(axis, parts.stream().map(Value::shape).toList()),
                parts,
                tensors -> torch.cat(new TensorVector(tensors.toArray(Tensor[]::new)), axis));
    }

    @Override
    public Value slice(Value x, int from, int to) {
        return unary(
                "narrow",
                shapes.slice(x.shape(), from, to),
                x,
                tensor -> tensor.narrow(IMAGES, from, (long) to - from));
    }

    @Override
    public Value tile(Value z, int height, int width) {
        Shape shape = shapes.tile(z.shape(), height, width);
        return unary(
                "expand",
                shape,
                z,
                tensor -> recorder.placement()
                        .inLayout(tensor.reshape(shape.batch(), shape.channels(), 1, 1)
                                .expand(Placement.dimensions(shape))));
    }

    @Override
    public Value averagePool(Value x, int kernel, int stride, int padding) {
        return unary(
                "avg_pool2d",
                shapes.averagePool(x.shape(), kernel, stride, padding),
                x,
                tensor -> torch.avg_pool2d(
                        tensor,
                        Convolution.square(kernel),
                        Convolution.square(stride),
                        Convolution.square(padding),
                        false,
                        false,
                        new LongOptional()));
    }

    @Override
    public Value maxPool(Value x, int kernel, int stride, int padding) {
        return unary(
                "max_pool2d",
                shapes.maxPool(x.shape(), kernel, stride, padding),
                x,
                tensor -> torch.max_pool2d(
                        tensor,
                        Convolution.square(kernel),
                        Convolution.square(stride),
                        Convolution.square(padding),
                        Convolution.NO_DILATION,
                        false));
    }

    @Override
    public Value reshape(Value x, Shape shape) {
        return unary(
                "reshape", shapes.reshape(x.shape(), shape), x, tensor -> tensor.reshape(Placement.dimensions(shape)));
    }

    @Override
    public Value resample(Value x, Resampling rows, Resampling columns) {
        return recorder.append(
                "matmul",
                shapes.resample(x.shape(), rows, columns),
                List.of(matrix(rows), x, matrix(columns)),
                tensors -> torch.matmul(
                        torch.matmul(tensors.get(0), tensors.get(1)),
                        tensors.get(2).t()));
    }

    private Value matrix(Resampling map) {
        return recorder.constant(Shape.of(map.to(), map.from()), map.matrix());
    }

    @Override
    public Value spatialMean(Value x) {
        return unary(
                "mean",
                shapes.spatialMean(x.shape()),
                x,
                tensor -> torch.mean(tensor, new long[] {2, 3}, false, new ScalarTypeOptional()));
    }

    @Override
    public Value mean(Value x) {
        return unary("mean", shapes.mean(x.shape()), x, tensor -> torch.mean(full(tensor)));
    }

    @Override
    public Value variable(Value x) {
        return unary("detach", x, tensor -> {
            Tensor leaf = tensor.detach();
            leaf.set_requires_grad(true);
            return leaf;
        });
    }

    @Override
    public Value gradientNorms(Value scalar, Value variable) {
        recorder.needAutograd();
        return recorder.append(
                "grad", shapes.gradientNorms(scalar.shape(), variable.shape()), List.of(scalar, variable), tensors -> {
                    Tensor gradient = Gradients.differentiable(tensors.get(0), tensors.get(1));
                    return torch.linalg_vector_norm(
                            gradient.flatten(1, -1), new Scalar(2), new long[] {1}, false, new ScalarTypeOptional());
                });
    }

    /** Converts the result of an operation in lower precision back: losses and images have full precision. */
    private Tensor full(Tensor tensor) {
        return tensor.scalar_type() == recorder.placement().type()
                ? tensor
                : tensor.to(recorder.placement().type());
    }

    private Value unary(String name, Value x, UnaryOperator<Tensor> operation) {
        return unary(name, x.shape(), x, operation);
    }

    private Value unary(String name, Shape shape, Value x, UnaryOperator<Tensor> operation) {
        return recorder.append(name, shape, List.of(x), tensors -> operation.apply(tensors.get(0)));
    }

    /** An operation on two tensors. */
    @FunctionalInterface
    private interface Binary {
        Tensor apply(Tensor a, Tensor b);
    }

    private Value binary(String name, Shape shape, Value a, Value b, Binary operation) {
        return recorder.append(name, shape, List.of(a, b), tensors -> operation.apply(tensors.get(0), tensors.get(1)));
    }
}
