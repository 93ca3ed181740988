package dev.tandem.engine.nd4j;

import dev.tandem.engine.nd4j.Matmul.Transpose;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nearest-neighbour upsampling by 2 and a 3x3 convolution, fused to one transposed 4x4 convolution with stride 2, with
 * gradients. Each weight of the fused kernel is the sum of the 3x3 weights that apply to the same input pixel. That takes
 * less than half of the arithmetic and no upsampled tensor.
 */
final class UpsampledConvolution {
    private static final int KERNEL = 3;
    private static final int FUSED_KERNEL = 4;
    /** The factors of height and width; 1 for channels first. */
    private static final long[] UPSAMPLING = {2, 2, 1};

    private static final long[] CHANNELS_FIRST = {1};

    private UpsampledConvolution() {}

    static Node apply(Tape tape, Node x, Filter<Node> filter, Shape result) {
        if (LoweredConvolution.isFaster(filter.weight().shape(), result)) {
            // For few pixels, upsampling them costs less than computing the fused weight.
            return new LoweredConvolution(filter, 1, 1).convolution(tape, upsample(tape, x), result);
        }
        Filter<Node> fused = new Filter<>(tape.fusedWeight(filter.weight()), filter.bias());
        return Convolution.transposedOf(fused, 2, 1).apply(tape, x, result);
    }

    private static Node upsample(Tape tape, Node x) {
        Shape shape = x.shape();
        Shape result = shape.withDim(2, 2 * shape.height()).withDim(3, 2 * shape.width());
        Slot y = tape.emit(result, List.of(x.value()), Kernels.operation("upsampling2d", UPSAMPLING));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(
                                        shape,
                                        List.of(x.value(), dy),
                                        Kernels.operation("upsampling2d_bp", CHANNELS_FIRST))));
    }

    /** The weight (O, I, 3, 3) as that of the fused convolution, (I, O, 4, 4). */
    static Node fuseWeight(Tape tape, Node weight) {
        int out = weight.shape().dim(0);
        int in = weight.shape().dim(1);
        Shape swapped = Shape.of(in, out, KERNEL, KERNEL);
        Shape fused = Shape.of(in, out, FUSED_KERNEL, FUSED_KERNEL);
        Slot matrix = tape.constant(Shape.of(KERNEL * KERNEL, FUSED_KERNEL * FUSED_KERNEL), fusionMatrix());
        Slot y = tape.cachedIfFrozen(
                weight,
                () -> multiplyKernels(
                        tape, swapChannels(tape, weight.value(), swapped), matrix, fused, Transpose.NONE));
        return tape.node(
                y,
                List.of(weight),
                (backprop, dy) -> backprop.add(weight, () -> {
                    Slot gradient = multiplyKernels(backprop.tape(), dy, matrix, swapped, Transpose.RIGHT);
                    return swapChannels(backprop.tape(), gradient, weight.shape());
                }));
    }

    /**
     * The map from 3x3 kernels (rows) to fused 4x4 kernels (columns), row-major. An entry is 1 if the 3x3 weight is part of
     * the sum. The 3x3 kernel is mirrored, as a transposed convolution applies its kernel in reverse.
     */
    private static double[] fusionMatrix() {
        double[] matrix = new double[KERNEL * KERNEL * FUSED_KERNEL * FUSED_KERNEL];
        for (int row = 0; row < KERNEL * KERNEL; row++) {
            int y = KERNEL - 1 - row / KERNEL;
            int x = KERNEL - 1 - row % KERNEL;
            for (int dy = 0; dy < 2; dy++) {
                for (int dx = 0; dx < 2; dx++) {
                    matrix[row * FUSED_KERNEL * FUSED_KERNEL + (y + dy) * FUSED_KERNEL + x + dx] = 1;
                }
            }
        }
        return matrix;
    }

    private static Slot swapChannels(Tape tape, Slot weight, Shape result) {
        return tape.emit(
                result,
                List.of(weight),
                (reads, writes) -> Kernels.copy(List.of(reads.get(0).permute(1, 0, 2, 3)), writes));
    }

    private static Slot multiplyKernels(Tape tape, Slot weight, Slot matrix, Shape result, Transpose transpose) {
        return tape.emit(
                result,
                List.of(weight, matrix),
                (reads, writes) -> Matmul.bind(kernels(reads.get(0)), reads.get(1), kernels(writes.get(0)), transpose));
    }

    /** (I, O, K, K) seen as (I O, K K). */
    private static INDArray kernels(INDArray weight) {
        return weight.reshape('c', weight.size(0) * weight.size(1), weight.size(2) * weight.size(3));
    }
}
