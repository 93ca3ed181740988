package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops.BatchNorm;
import java.util.List;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;

/**
 * Normalization of channels by statistics of a batch (batch norm, Ioffe and Szegedy 2015), by running statistics, or by
 * statistics of each image (instance norm, Ulyanov et al. 2016: batch norm of one image with N C channels).
 *
 * <p>Composed of operations on rows, one row for each channel of each image: ND4J's own operations, above all
 * {@code batchnorm_bp}, take several times as long.
 */
final class BatchNormalization {

    private BatchNormalization() {}

    static Node instance(Tape tape, Node x, double epsilon) {
        ChannelRows rows = ChannelRows.perImage(x.shape());
        Slot mean = rows.mean(tape, x.value());
        Slot centered = rows.broadcast(tape, "subtract", x.value(), mean);
        Slot inverseDeviation = inverseDeviation(tape, rows.meanSquare(tape, centered), epsilon);
        Slot y = rows.broadcast(tape, "multiply", centered, inverseDeviation);
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Tape back = backprop.tape();
                    Slot meanDyY = rows.mean(back, Pointwise.product(back, dy, y));
                    return inputGradient(back, rows, y, dy, meanDyY, rows.mean(back, dy), inverseDeviation);
                }));
    }

    static Node batch(Tape tape, Node x, BatchNorm<Node> norm, int batches) {
        ChannelRows rows = ChannelRows.perBatch(x.shape(), batches);
        Slot mean = rows.mean(tape, x.value());
        Slot centered = rows.broadcast(tape, "subtract", x.value(), mean);
        Slot variance = rows.meanSquare(tape, centered);
        trackStatistics(tape, rows, mean, variance, norm);
        Slot inverseDeviation = inverseDeviation(tape, variance, norm.epsilon());
        Slot factor =
                Pointwise.product(tape, rows.repeatPerBatch(tape, norm.scale().value()), inverseDeviation);
        Slot scaled = rows.broadcast(tape, "multiply", centered, factor);
        Slot y = ChannelRows.perChannel(x.shape())
                .broadcast(tape, "add", scaled, norm.shift().value());
        return tape.node(y, List.of(x, norm.scale(), norm.shift()), (backprop, dy) -> {
            Tape back = backprop.tape();
            // Normalizing the mean instead of x saves a pass over the images.
            Slot meanDyCentered = rows.mean(back, Pointwise.product(back, dy, centered));
            Slot meanDyNormalized = Pointwise.product(back, meanDyCentered, inverseDeviation);
            Slot meanDy = rows.mean(back, dy);
            backprop.add(norm.scale(), () -> rows.sum(back, meanDyNormalized));
            backprop.add(norm.shift(), () -> rows.sum(back, meanDy));
            backprop.add(x, () -> {
                Slot projection = Pointwise.product(back, meanDyNormalized, inverseDeviation);
                return inputGradient(back, rows, centered, dy, projection, meanDy, factor);
            });
        });
    }

    /** Registers the statistics of each batch, in order, for the update of the running statistics by a training step. */
    private static void trackStatistics(Tape tape, ChannelRows rows, Slot mean, Slot variance, BatchNorm<Node> norm) {
        // The running variance is unbiased, except for a single value, which has no unbiased variance.
        double unbiased = (double) rows.count() / Math.max(1, rows.count() - 1);
        for (int i = 0; i < rows.batches(); i++) {
            tape.trackStatistic(rows.ofBatch(tape, mean, i), norm.runningMean(), BatchNorm.MOMENTUM, 1);
            tape.trackStatistic(rows.ofBatch(tape, variance, i), norm.runningVariance(), BatchNorm.MOMENTUM, unbiased);
        }
    }

    static Node running(Tape tape, Node x, BatchNorm<Node> norm) {
        ChannelRows rows = ChannelRows.perChannel(x.shape());
        Slot centered =
                rows.broadcast(tape, "subtract", x.value(), norm.runningMean().value());
        Slot inverseDeviation = inverseDeviation(tape, norm.runningVariance().value(), norm.epsilon());
        Slot factor = Pointwise.product(tape, inverseDeviation, norm.scale().value());
        Slot scaled = rows.broadcast(tape, "multiply", centered, factor);
        Slot y = rows.broadcast(tape, "add", scaled, norm.shift().value());
        return tape.node(
                y,
                List.of(x, norm.runningMean(), norm.runningVariance(), norm.scale(), norm.shift()),
                (backprop, dy) -> {
                    throw new IllegalStateException("batch norm by running statistics has no gradient");
                });
    }

    /** {@code 1 / sqrt(variance + epsilon)}. */
    private static Slot inverseDeviation(Tape tape, Slot variance, double epsilon) {
        return tape.emit(
                variance.shape(),
                List.of(variance),
                (reads, writes) -> Kernels.sequence(
                        "inverted deviation",
                        Kernels.shift(reads.get(0), writes.get(0), epsilon),
                        Kernels.transform(RSqrt::new).bind(writes, writes)));
    }

    /**
     * The gradient of the input, {@code factor (dy - meanDy - x projection)} (Ioffe and Szegedy 2015).
     *
     * @param x the normalized or only centered input
     * @param projection the mean of {@code dy x}, divided by the mean of {@code x x}
     * @param meanDy the mean of {@code dy}
     */
    private static Slot inputGradient(
            Tape tape, ChannelRows rows, Slot x, Slot dy, Slot projection, Slot meanDy, Slot factor) {
        Slot parallel = rows.broadcast(tape, "multiply", x, projection);
        Slot centered = rows.broadcast(tape, "subtract", dy, meanDy);
        Slot orthogonal = tape.emitInPlace(dy.shape(), List.of(centered, parallel), Kernels.operation("subtract"));
        return rows.broadcast(tape, "multiply", orthogonal, factor);
    }
}
