package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear map along the width, then one along the height, both as products at the speed of the native library: the
 * width as a matrix product, the height as a 1x1 convolution that takes the rows for channels, which spares
 * transposing.
 */
final class Resample {
    private static final long[] RIGHT_TRANSPOSED = {0, 1, 0};
    private static final long[] PLAIN = {0, 0, 0};
    private static final long[] POINTWISE = {1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1};

    private Resample() {}

    static Node apply(Tape tape, Node x, Resampling rows, Resampling columns) {
        Shape narrow = x.shape();
        Shape wide = narrow.withDim(3, columns.to());
        Shape high = wide.withDim(2, rows.to());
        Slot columnMatrix = tape.constant(Shape.of(columns.to(), columns.from()), columns.matrix());
        Slot rowMatrix = tape.constant(Shape.of(rows.to(), rows.from(), 1, 1), rows.matrix());
        Slot widened = alongWidth(tape, x.value(), columnMatrix, wide, RIGHT_TRANSPOSED);
        Slot y = alongHeight(tape, widened, rowMatrix, high, "conv2d");
        return tape.derive(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Slot lowered = alongHeight(backprop.tape(), dy, rowMatrix, wide, "deconv2d");
                    return alongWidth(backprop.tape(), lowered, columnMatrix, narrow, PLAIN);
                }));
    }

    private static Slot alongWidth(Tape tape, Slot x, Slot matrix, Shape result, long[] transposition) {
        return tape.emit(
                result,
                List.of(x, matrix),
                (reads, writes) -> Kernels.bind(
                        "matmul",
                        List.of(asRows(reads.get(0)), reads.get(1)),
                        List.of(asRows(writes.get(0))),
                        transposition));
    }

    private static Slot alongHeight(Tape tape, Slot x, Slot matrix, Shape result, String operation) {
        return tape.emit(
                result,
                List.of(x, matrix),
                (reads, writes) -> Kernels.bind(
                        operation,
                        List.of(heightFirst(reads.get(0)), reads.get(1)),
                        List.of(heightFirst(writes.get(0))),
                        POINTWISE));
    }

    /** (N, C, H, W) seen as (N C H, W). */
    private static INDArray asRows(INDArray x) {
        return x.reshape('c', x.size(0) * x.size(1) * x.size(2), x.size(3));
    }

    /** (N, C, H, W) seen as (N C, H, 1, W): N C images whose channels are the rows. */
    private static INDArray heightFirst(INDArray x) {
        return x.reshape('c', x.size(0) * x.size(1), x.size(2), 1, x.size(3));
    }
}
