package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops.BatchNorm;
import java.util.List;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;

/**
 * Normalisation by a channel's statistics: those of the batch (batch norm), of each image (instance norm, which is batch
 * norm of one image with N C channels; Ulyanov et al. 2016), or running ones.
 *
 * <p>Composed of passes over the rows, one for every channel of every image: ND4J's own operations, above all
 * {@code batchnorm_bp}, take several times as long.
 */
final class BatchNormalization {

    private BatchNormalization() {}

    static Node instance(Tape tape, Node x, double epsilon) {
        ChannelRows rows = ChannelRows.ofImages(x.shape());
        Slot mean = rows.mean(tape, x.value());
        Slot centred = rows.broadcast(tape, "subtract", x.value(), mean);
        Slot deviation = inverted(tape, rows.meanSquare(tape, centred), epsilon);
        Slot y = rows.broadcast(tape, "multiply", centred, deviation);
        return tape.derive(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Tape back = backprop.tape();
                    Slot along = rows.mean(back, Pointwise.times(back, dy, y));
                    return gradient(back, rows, y, dy, along, rows.mean(back, dy), deviation);
                }));
    }

    static Node batch(Tape tape, Node x, BatchNorm<Node> norm, int batches) {
        ChannelRows rows = ChannelRows.ofBatches(x.shape(), batches);
        Slot mean = rows.mean(tape, x.value());
        Slot centred = rows.broadcast(tape, "subtract", x.value(), mean);
        Slot variance = rows.meanSquare(tape, centred);
        // The running variance is the unbiased one; of a single value there is none, and the biased has to do.
        double unbiased = (double) rows.count() / Math.max(1, rows.count() - 1);
        for (int i = 0; i < batches; i++) {
            tape.track(rows.ofBatch(tape, mean, i), norm.runningMean(), BatchNorm.MOMENTUM, 1);
            tape.track(rows.ofBatch(tape, variance, i), norm.runningVariance(), BatchNorm.MOMENTUM, unbiased);
        }
        Slot deviation = inverted(tape, variance, norm.epsilon());
        Slot factor = Pointwise.times(tape, rows.repeated(tape, norm.scale().value()), deviation);
        Slot scaled = rows.broadcast(tape, "multiply", centred, factor);
        Slot y = ChannelRows.ofAll(x.shape())
                .broadcast(tape, "add", scaled, norm.shift().value());
        return tape.derive(y, List.of(x, norm.scale(), norm.shift()), (backprop, dy) -> {
            Tape back = backprop.tape();
            // What is normalised, centred times deviation, is never made: one pass less.
            Slot along = Pointwise.times(back, rows.mean(back, Pointwise.times(back, dy, centred)), deviation);
            Slot level = rows.mean(back, dy);
            backprop.add(norm.scale(), () -> rows.sum(back, along));
            backprop.add(norm.shift(), () -> rows.sum(back, level));
            backprop.add(
                    x, () -> gradient(back, rows, centred, dy, Pointwise.times(back, along, deviation), level, factor));
        });
    }

    static Node running(Tape tape, Node x, BatchNorm<Node> norm) {
        ChannelRows rows = ChannelRows.ofAll(x.shape());
        Slot centred =
                rows.broadcast(tape, "subtract", x.value(), norm.runningMean().value());
        Slot deviation = inverted(tape, norm.runningVariance().value(), norm.epsilon());
        Slot scaled = rows.broadcast(
                tape,
                "multiply",
                centred,
                Pointwise.times(tape, deviation, norm.scale().value()));
        Slot y = rows.broadcast(tape, "add", scaled, norm.shift().value());
        return tape.derive(
                y,
                List.of(x, norm.runningMean(), norm.runningVariance(), norm.scale(), norm.shift()),
                (backprop, dy) -> {
                    throw new IllegalStateException("batch norm by running statistics has no gradient");
                });
    }

    /** {@code 1 / sqrt(variance + epsilon)}. */
    private static Slot inverted(Tape tape, Slot variance, double epsilon) {
        return tape.emit(
                variance.shape(),
                List.of(variance),
                (reads, writes) -> Kernels.inOrder(
                        "inverted deviation",
                        Kernels.shift(reads.get(0), writes.get(0), epsilon),
                        Kernels.transform(RSqrt::new).bind(writes, writes)));
    }

    /**
     * The gradient of the input, {@code factor (dy - level - x along)} (Ioffe and Szegedy 2015).
     *
     * @param x the normalised input, or only centred
     * @param along the mean of {@code dy x}, by the mean of {@code x x}
     * @param level the mean of {@code dy}
     */
    private static Slot gradient(Tape tape, ChannelRows rows, Slot x, Slot dy, Slot along, Slot level, Slot factor) {
        Slot parallel = rows.broadcast(tape, "multiply", x, along);
        Slot centred = rows.broadcast(tape, "subtract", dy, level);
        Slot rest = tape.emitInPlace(dy.shape(), List.of(centred, parallel), Kernels.operation("subtract"));
        return rows.broadcast(tape, "multiply", rest, factor);
    }
}
