package dev.tandem.engine.nd4j;

import dev.tandem.engine.nd4j.Matmul.Transpose;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear map along the width, then one along the height, with gradients. The map along the width is a matrix product. The
 * map along the height is a 1x1 convolution whose channels are the rows of the image: that needs no transposition.
 */
final class Resample {
    private static final long[] POINTWISE = {1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1};

    private Resample() {}

    static Node apply(Tape tape, Node x, Resampling rows, Resampling columns) {
        Shape widened = x.shape().withDim(3, columns.to());
        Shape result = widened.withDim(2, rows.to());
        Slot columnMatrix = tape.constant(Shape.of(columns.to(), columns.from()), columns.matrix());
        Slot rowMatrix = tape.constant(Shape.of(rows.to(), rows.from(), 1, 1), rows.matrix());
        Slot alongWidth = mapWidth(tape, x.value(), columnMatrix, widened, Transpose.RIGHT);
        Slot y = mapHeight(tape, alongWidth, rowMatrix, result, "conv2d");
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Slot alongHeight = mapHeight(backprop.tape(), dy, rowMatrix, widened, "deconv2d");
                    return mapWidth(backprop.tape(), alongHeight, columnMatrix, x.shape(), Transpose.NONE);
                }));
    }

    private static Slot mapWidth(Tape tape, Slot x, Slot matrix, Shape result, Transpose transpose) {
        return tape.emit(
                result,
                List.of(x, matrix),
                (reads, writes) -> Matmul.bind(rows(reads.get(0)), reads.get(1), rows(writes.get(0)), transpose));
    }

    private static Slot mapHeight(Tape tape, Slot x, Slot matrix, Shape result, String operation) {
        return tape.emit(
                result,
                List.of(x, matrix),
                (reads, writes) -> Kernels.bind(
                        operation,
                        List.of(rowsAsChannels(reads.get(0)), reads.get(1)),
                        List.of(rowsAsChannels(writes.get(0))),
                        POINTWISE));
    }

    /** (N, C, H, W) seen as (N C H, W). */
    private static INDArray rows(INDArray x) {
        return x.reshape('c', x.size(0) * x.size(1) * x.size(2), x.size(3));
    }

    /** (N, C, H, W) seen as (N C, H, 1, W): N C images with H channels. */
    private static INDArray rowsAsChannels(INDArray x) {
        return x.reshape('c', x.size(0) * x.size(1), x.size(2), 1, x.size(3));
    }
}
