package dev.tandem.engine.nd4j;

import dev.tandem.engine.nd4j.Matmul.Transpose;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images (N, C, H, W) seen as rows of pixels, one row for each channel of each image. Some rows share one value of their
 * channel, for instance its mean.
 *
 * <p>Sums are matrix products with ones: they run at memory speed, and the bits of a row do not depend on other rows.
 *
 * @param batches number of batches; each channel has one value per batch
 * @param images images per batch: the rows that share a value
 * @param channels channels per image
 * @param area pixels per row
 */
record ChannelRows(int batches, int images, int channels, int area) {

    /** One value per channel, shared by all images. */
    static ChannelRows perChannel(Shape shape) {
        return perBatch(shape, 1);
    }

    /** One value per channel and batch; the batches have the same size. */
    static ChannelRows perBatch(Shape shape, int batches) {
        return new ChannelRows(batches, shape.batch() / batches, shape.channels(), shape.height() * shape.width());
    }

    /** One value per channel and image. */
    static ChannelRows perImage(Shape shape) {
        return perBatch(shape, shape.batch());
    }

    /** Number of pixels that share a value. */
    int count() {
        return images * area;
    }

    /** The values (C) of one batch, from those of all batches (batches C). */
    Slot ofBatch(Tape tape, Slot values, int batch) {
        return batches == 1
                ? values
                : Layout.range(tape, values, 0, batch * channels, (batch + 1) * channels, Shape.of(channels));
    }

    /** The mean of each channel in each batch, (batches C). */
    Slot mean(Tape tape, Slot x) {
        Slot rowMeans = products(tape, x, tape.filled(Shape.of(area), 1.0 / area), 1, rows(), area, 1);
        if (images == 1) {
            return rowMeans;
        }
        Slot weights = tape.filled(Shape.of(batches * images), 1.0 / images);
        return products(tape, weights, rowMeans, batches, 1, images, channels);
    }

    /** The mean of squares of each channel in each batch, (batches C). */
    Slot meanSquare(Tape tape, Slot x) {
        return mean(tape, Pointwise.product(tape, x, x));
    }

    /** Values (C), repeated for each batch, (batches C). */
    Slot repeatPerBatch(Tape tape, Slot values) {
        return batches == 1
                ? values
                : products(tape, tape.filled(Shape.of(batches), 1), values, 1, batches, 1, channels);
    }

    /** The sum of each channel over all pixels (C), from its means in each batch (batches C). */
    Slot sum(Tape tape, Slot means) {
        return products(tape, tape.filled(Shape.of(batches), count()), means, 1, 1, batches, channels);
    }

    /** Applies an operation of two arrays to each pixel and the value of its channel. May overwrite {@code x}. */
    Slot broadcast(Tape tape, String operation, Slot x, Slot values) {
        Slot rowValues = images == 1
                ? values
                : products(tape, tape.filled(Shape.of(batches * images), 1), values, batches, images, 1, channels);
        return tape.emitInPlace(
                x.shape(),
                List.of(x, rowValues),
                (reads, writes) -> Kernels.bind(
                        operation,
                        List.of(Kernels.view(reads.get(0), rows(), area), Kernels.view(reads.get(1), rows(), 1)),
                        List.of(Kernels.view(writes.get(0), rows(), area)),
                        new long[0]));
    }

    private int rows() {
        return batches * images * channels;
    }

    /** The products of {@code count} (m, k) and (k, n) matrices, (count m n). */
    private static Slot products(Tape tape, Slot a, Slot b, int count, int m, int k, int n) {
        return tape.emit(
                Shape.of(count * m * n),
                List.of(a, b),
                (reads, writes) -> Matmul.bind(
                        matrices(reads.get(0), count, m, k),
                        matrices(reads.get(1), count, k, n),
                        matrices(writes.get(0), count, m, n),
                        Transpose.NONE));
    }

    private static INDArray matrices(INDArray array, int count, int rows, int columns) {
        return count == 1 ? Kernels.view(array, rows, columns) : Kernels.view(array, count, rows, columns);
    }
}
