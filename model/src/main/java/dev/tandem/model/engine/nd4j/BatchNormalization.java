package dev.tandem.model.engine.nd4j;

import dev.tandem.model.engine.Ops.BatchNorm;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalisation by a channel's statistics: those of the batch (batch norm), of each image (instance norm, which is batch
 * norm of one image with N C channels; Ulyanov et al. 2016), or running ones.
 */
final class BatchNormalization {
    private static final long[] MOMENT_AXES = {0, 2, 3};
    /** Scale and offset are given, and the channels are axis 1. */
    private static final long[] SCALE_OFFSET_AXIS = {1, 1, 1};

    private BatchNormalization() {}

    static Node instance(Tape tape, Node x, double epsilon) {
        Shape flat = Shape.of(
                1,
                x.shape().batch() * x.shape().channels(),
                x.shape().height(),
                x.shape().width());
        Shape channels = Shape.of(flat.channels());
        Node gamma = new Node(tape.filled(channels, 1), false);
        Node beta = new Node(tape.filled(channels, 0), false);
        return normalised(tape, x, gamma, beta, moments(tape, x, flat), flat, epsilon);
    }

    static Node batch(Tape tape, Node x, BatchNorm<Node> norm) {
        List<Slot> moments = moments(tape, x, x.shape());
        tape.track(moments.get(0), norm.runningMean(), BatchNorm.MOMENTUM, 1);
        int count = x.shape().size() / x.shape().channels();
        // The running variance is the unbiased one; of a single value there is none, and the biased has to do.
        double unbiased = (double) count / Math.max(1, count - 1);
        tape.track(moments.get(1), norm.runningVariance(), BatchNorm.MOMENTUM, unbiased);
        return normalised(tape, x, norm.scale(), norm.shift(), moments, x.shape(), norm.epsilon());
    }

    static Node running(Tape tape, Node x, BatchNorm<Node> norm) {
        List<Node> operands = List.of(x, norm.runningMean(), norm.runningVariance(), norm.scale(), norm.shift());
        Slot y = tape.emit(
                x.shape(),
                operands.stream().map(Node::value).toList(),
                Kernels.operation("batchnorm", SCALE_OFFSET_AXIS, norm.epsilon()));
        return tape.derive(y, operands, (backprop, dy) -> {
            throw new IllegalStateException("batch norm by running statistics has no gradient");
        });
    }

    /** Mean and variance of every channel. */
    private static List<Slot> moments(Tape tape, Node x, Shape flat) {
        Shape channels = Shape.of(flat.channels());
        return tape.emit(
                List.of(channels, channels),
                List.of(x.value()),
                false,
                (reads, writes) -> Kernels.bind("moments", List.of(view(reads.get(0), flat)), writes, MOMENT_AXES));
    }

    private static Node normalised(
            Tape tape, Node x, Node gamma, Node beta, List<Slot> moments, Shape flat, double epsilon) {
        List<Slot> operands = List.of(x.value(), moments.get(0), moments.get(1), gamma.value(), beta.value());
        Slot y = tape.emit(
                x.shape(),
                operands,
                (reads, writes) -> Kernels.bind(
                        "batchnorm", viewed(reads, flat, 0), viewed(writes, flat, 0), SCALE_OFFSET_AXIS, epsilon));
        return tape.derive(y, List.of(x, gamma, beta), (backprop, dy) -> {
            Shape channels = gamma.shape();
            List<Slot> reads = new ArrayList<>(operands);
            reads.add(dy);
            List<Slot> gradients = backprop.tape()
                    .emit(
                            List.of(x.shape(), channels, channels, channels, channels),
                            reads,
                            false,
                            (in, out) -> Kernels.bind(
                                    "batchnorm_bp",
                                    viewed(in, flat, 0, in.size() - 1),
                                    viewed(out, flat, 0),
                                    SCALE_OFFSET_AXIS,
                                    epsilon));
            backprop.add(x, () -> gradients.get(0));
            backprop.add(gamma, () -> gradients.get(3));
            backprop.add(beta, () -> gradients.get(4));
        });
    }

    /** The arrays, those at some places seen in another shape. */
    private static List<INDArray> viewed(List<INDArray> arrays, Shape shape, int... places) {
        List<INDArray> viewed = new ArrayList<>(arrays);
        for (int place : places) {
            viewed.set(place, view(arrays.get(place), shape));
        }
        return viewed;
    }

    private static INDArray view(INDArray array, Shape shape) {
        return Kernels.view(array, shape.toArray());
    }
}
