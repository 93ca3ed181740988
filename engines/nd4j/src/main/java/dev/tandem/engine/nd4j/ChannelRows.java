package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images (N, C, H, W) as rows of pixels, one for every channel of every image, and values that a channel's rows share.
 * Sums are products with ones: those run at the speed of memory, and a row comes to the same bits whatever lies beside it.
 *
 * @param batches how many times a channel has a value of its own
 * @param images of a batch: how many rows share a channel's value
 * @param channels of an image
 * @param area pixels of a row
 */
record ChannelRows(int batches, int images, int channels, int area) {
    private static final long[] NOT_TRANSPOSED = {0, 0, 0};

    /** A channel has the same value in all images. */
    static ChannelRows ofAll(Shape shape) {
        return ofBatches(shape, 1);
    }

    /** A channel has a value of its own in each of some batches of one size. */
    static ChannelRows ofBatches(Shape shape, int batches) {
        return new ChannelRows(batches, shape.batch() / batches, shape.channels(), shape.height() * shape.width());
    }

    /** A channel has a value of its own in each image. */
    static ChannelRows ofImages(Shape shape) {
        return ofBatches(shape, shape.batch());
    }

    /** How many pixels share a channel's value. */
    int count() {
        return images * area;
    }

    /** The channels' values (C) of one of the batches. */
    Slot ofBatch(Tape tape, Slot values, int batch) {
        return batches == 1
                ? values
                : Layout.cut(tape, values, 0, batch * channels, (batch + 1) * channels, Shape.of(channels));
    }

    /** Each channel's mean in each batch, (batches C). */
    Slot mean(Tape tape, Slot x) {
        Slot ofRows = product(tape, x, tape.filled(Shape.of(area), 1.0 / area), 1, rows(), area, 1);
        return images == 1
                ? ofRows
                : product(
                        tape,
                        tape.filled(Shape.of(batches * images), 1.0 / images),
                        ofRows,
                        batches,
                        1,
                        images,
                        channels);
    }

    /** Each channel's mean of squares in each batch, (batches C). */
    Slot meanSquare(Tape tape, Slot x) {
        return mean(tape, Pointwise.times(tape, x, x));
    }

    /** The channels' values (C) as those of each batch, (batches C). */
    Slot repeated(Tape tape, Slot values) {
        return batches == 1
                ? values
                : product(tape, tape.filled(Shape.of(batches), 1), values, 1, batches, 1, channels);
    }

    /** The channels' means of all batches (batches C) as the channels' sums over all pixels, (C). */
    Slot sum(Tape tape, Slot means) {
        return product(tape, tape.filled(Shape.of(batches), count()), means, 1, 1, batches, channels);
    }

    /** Each pixel and its channel's value, by an operation of two arrays; may overwrite {@code x}. */
    Slot broadcast(Tape tape, String operation, Slot x, Slot values) {
        Slot ofRows = images == 1
                ? values
                : product(tape, tape.filled(Shape.of(batches * images), 1), values, batches, images, 1, channels);
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
        return batches * images * channels;
    }

    /** The products of so many (m, k) and (k, n) matrices, as a vector. */
    private static Slot product(Tape tape, Slot a, Slot b, int matrices, int m, int k, int n) {
        return tape.emit(
                Shape.of(matrices * m * n),
                List.of(a, b),
                (reads, writes) -> Kernels.bind(
                        "matmul",
                        List.of(matrices(reads.get(0), matrices, m, k), matrices(reads.get(1), matrices, k, n)),
                        List.of(matrices(writes.get(0), matrices, m, n)),
                        NOT_TRANSPOSED));
    }

    private static INDArray matrices(INDArray array, int count, int rows, int columns) {
        return count == 1 ? matrix(array, rows, columns) : Kernels.view(array, count, rows, columns);
    }

    private static INDArray matrix(INDArray array, int rows, int columns) {
        return Kernels.view(array, rows, columns);
    }
}
