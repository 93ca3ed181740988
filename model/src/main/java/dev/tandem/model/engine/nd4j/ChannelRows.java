package dev.tandem.model.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images (N, C, H, W) as rows of pixels, one for every channel of every image, and values that a channel's rows share.
 * Sums are products with ones: those run at the speed of memory, and a row comes to the same bits whatever lies beside it.
 *
 * @param images how many rows share a channel's value
 * @param channels how many values there are
 * @param area pixels of a row
 */
record ChannelRows(int images, int channels, int area) {
    private static final long[] NOT_TRANSPOSED = {0, 0, 0};

    /** A channel has the same value in all images. */
    static ChannelRows ofBatch(Shape shape) {
        return new ChannelRows(shape.batch(), shape.channels(), shape.height() * shape.width());
    }

    /** A channel has a value of its own in each image. */
    static ChannelRows ofEachImage(Shape shape) {
        return new ChannelRows(1, shape.batch() * shape.channels(), shape.height() * shape.width());
    }

    /** Each channel's mean, (C). */
    Slot mean(Tape tape, Slot x) {
        Slot ofRows = product(tape, x, tape.filled(Shape.of(area), 1.0 / area), rows(), area, 1);
        return images == 1
                ? ofRows
                : product(tape, tape.filled(Shape.of(images), 1.0 / images), ofRows, 1, images, channels);
    }

    /** Each channel's mean of squares, (C). */
    Slot meanSquare(Tape tape, Slot x) {
        return mean(tape, Pointwise.times(tape, x, x));
    }

    /** Each pixel and its channel's value, by an operation of two arrays; may overwrite {@code x}. */
    Slot broadcast(Tape tape, String operation, Slot x, Slot values) {
        Slot ofRows =
                images == 1 ? values : product(tape, tape.filled(Shape.of(images), 1), values, images, 1, channels);
        return tape.emitInPlace(
                x.shape(),
                List.of(x, ofRows),
                (reads, writes) -> Kernels.bind(
                        operation,
                        List.of(matrix(reads.get(0), rows(), area), matrix(reads.get(1), rows(), 1)),
                        List.of(matrix(writes.get(0), rows(), area)),
                        new long[0]));
    }

    private int rows() {
        return images * channels;
    }

    /** The product of an (m, k) and a (k, n) matrix, as a vector. */
    private static Slot product(Tape tape, Slot a, Slot b, int m, int k, int n) {
        return tape.emit(
                Shape.of(m * n),
                List.of(a, b),
                (reads, writes) -> Kernels.bind(
                        "matmul",
                        List.of(matrix(reads.get(0), m, k), matrix(reads.get(1), k, n)),
                        List.of(matrix(writes.get(0), m, n)),
                        NOT_TRANSPOSED));
    }

    private static INDArray matrix(INDArray array, int rows, int columns) {
        return Kernels.view(array, rows, columns);
    }
}
