package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nearest doubling and a 3x3 convolution as one transposed convolution, 4x4 with stride 2: each of its weights is the sum
 * of those that would meet the same pixel. Less than half the arithmetic, and no doubled tensor.
 */
final class UpsampledConvolution {
    private static final int PLAIN = 3;
    private static final int SPREAD = 4;
    /** Rows, columns, and that the channels are axis 1. */
    private static final long[] TWICE = {2, 2, 1};

    private static final long[] CHANNELS_FIRST = {1};
    private static final long[] NOT_TRANSPOSED = {0, 0, 0};
    private static final long[] RIGHT_TRANSPOSED = {0, 1, 0};

    private UpsampledConvolution() {}

    static Node apply(Tape tape, Node x, Filter<Node> filter, Shape result) {
        if (LoweredConvolution.pays(filter.weight().shape(), result)) {
            // Few pixels: what the doubled ones cost is less than making the larger weight.
            return new LoweredConvolution(filter, 1, 1).plain(tape, doubled(tape, x), result);
        }
        Filter<Node> spread = new Filter<>(tape.spread(filter.weight()), filter.bias());
        return Convolution.transposed(spread, 2, 1).apply(tape, x, result);
    }

    private static Node doubled(Tape tape, Node x) {
        Shape wide = Shape.of(
                x.shape().batch(),
                x.shape().channels(),
                2 * x.shape().height(),
                2 * x.shape().width());
        Slot y = tape.emit(wide, List.of(x.value()), Kernels.operation("upsampling2d", TWICE));
        return tape.derive(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(
                                        x.shape(),
                                        List.of(x.value(), dy),
                                        Kernels.operation("upsampling2d_bp", CHANNELS_FIRST))));
    }

    /** The weight (O, I, 3, 3) as that of the transposed convolution, (I, O, 4, 4). */
    static Node spread(Tape tape, Node weight) {
        int out = weight.shape().dim(0);
        int in = weight.shape().dim(1);
        Shape swapped = Shape.of(in, out, PLAIN, PLAIN);
        Shape wide = Shape.of(in, out, SPREAD, SPREAD);
        Slot matrix = tape.constant(Shape.of(PLAIN * PLAIN, SPREAD * SPREAD), sums());
        Slot y = tape.ofParameter(
                weight, () -> product(tape, swapped(tape, weight.value(), swapped), matrix, wide, NOT_TRANSPOSED));
        return tape.derive(
                y,
                List.of(weight),
                (backprop, dy) -> backprop.add(weight, () -> {
                    Slot narrow = product(backprop.tape(), dy, matrix, swapped, RIGHT_TRANSPOSED);
                    return swapped(backprop.tape(), narrow, weight.shape());
                }));
    }

    /**
     * Which of the 3x3 weights (rows) meet in which of the 4x4 (columns): those that lie at it and before it in either
     * direction, mirrored, for a transposed convolution applies its kernel the other way round.
     */
    private static double[] sums() {
        double[] matrix = new double[PLAIN * PLAIN * SPREAD * SPREAD];
        for (int row = 0; row < PLAIN * PLAIN; row++) {
            int y = PLAIN - 1 - row / PLAIN;
            int x = PLAIN - 1 - row % PLAIN;
            for (int dy = 0; dy < 2; dy++) {
                for (int dx = 0; dx < 2; dx++) {
                    matrix[row * SPREAD * SPREAD + (y + dy) * SPREAD + x + dx] = 1;
                }
            }
        }
        return matrix;
    }

    private static Slot swapped(Tape tape, Slot weight, Shape result) {
        return tape.emit(
                result,
                List.of(weight),
                (reads, writes) -> Kernels.copy(List.of(reads.get(0).permute(1, 0, 2, 3)), writes));
    }

    private static Slot product(Tape tape, Slot weight, Slot matrix, Shape result, long[] transposition) {
        return tape.emit(
                result,
                List.of(weight, matrix),
                (reads, writes) -> Kernels.bind(
                        "matmul",
                        List.of(kernels(reads.get(0)), reads.get(1)),
                        List.of(kernels(writes.get(0))),
                        transposition));
    }

    /** (I, O, K, K) seen as (I O, K K). */
    private static INDArray kernels(INDArray weight) {
        return weight.reshape('c', weight.size(0) * weight.size(1), weight.size(2) * weight.size(3));
    }
}
