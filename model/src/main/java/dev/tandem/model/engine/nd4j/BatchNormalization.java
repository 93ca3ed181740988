package dev.tandem.model.engine.nd4j;

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
        ChannelRows rows = ChannelRows.ofEachImage(x.shape());
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

    static Node batch(Tape tape, Node x, BatchNorm<Node> norm) {
        ChannelRows rows = ChannelRows.ofBatch(x.shape());
        Slot mean = rows.mean(tape, x.value());
        Slot centred = rows.broadcast(tape, "subtract", x.value(), mean);
        Slot variance = rows.meanSquare(tape, centred);
        tape.track(mean, norm.runningMean(), BatchNorm.MOMENTUM, 1);
        int count = x.shape().size() / x.shape().channels();
        // The running variance is the unbiased one; of a single value there is none, and the biased has to do.
        double unbiased = (double) count / Math.max(1, count - 1);
        tape.track(variance, norm.runningVariance(), BatchNorm.MOMENTUM, unbiased);
        Slot deviation = inverted(tape, variance, norm.epsilon());
        Slot normal = rows.broadcast(tape, "multiply", centred, deviation);
        Node scale = norm.scale();
        Slot scaled = rows.broadcast(tape, "multiply", normal, scale.value());
        Slot y = rows.broadcast(tape, "add", scaled, norm.shift().value());
        return tape.derive(y, List.of(x, scale, norm.shift()), (backprop, dy) -> {
            Tape back = backprop.tape();
            Slot along = rows.mean(back, Pointwise.times(back, dy, normal));
            Slot level = rows.mean(back, dy);
            backprop.add(scale, () -> Pointwise.scaled(back, along, count));
            backprop.add(norm.shift(), () -> Pointwise.scaled(back, level, count));
            Slot factor = Pointwise.times(back, scale.value(), deviation);
            backprop.add(x, () -> gradient(back, rows, normal, dy, along, level, factor));
        });
    }

    static Node running(Tape tape, Node x, BatchNorm<Node> norm) {
        ChannelRows rows = ChannelRows.ofBatch(x.shape());
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
     * The gradient of the input, {@code factor (dy - mean(dy) - normal mean(dy normal))} (Ioffe and Szegedy 2015).
     *
     * @param along the mean of {@code dy normal}
     * @param level the mean of {@code dy}
     */
    private static Slot gradient(
            Tape tape, ChannelRows rows, Slot normal, Slot dy, Slot along, Slot level, Slot factor) {
        Slot parallel = rows.broadcast(tape, "multiply", normal, along);
        Slot centred = rows.broadcast(tape, "subtract", dy, level);
        Slot rest = tape.emitInPlace(dy.shape(), List.of(centred, parallel), Kernels.operation("subtract"));
        return rows.broadcast(tape, "multiply", rest, factor);
    }
}
