package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Means and maxima over windows, means over maps and over all elements; with gradients. */
final class Pooling {
    private static final long[] LAST_AXIS = {1};

    private Pooling() {}

    static Node average(Tape tape, Node x, int kernel, int stride, int padding, Shape result) {
        return pool(tape, "avgpool2d", x, kernel, stride, padding, result);
    }

    static Node max(Tape tape, Node x, int kernel, int stride, int padding, Shape result) {
        return pool(tape, "maxpool2d", x, kernel, stride, padding, result);
    }

    private static Node pool(Tape tape, String operation, Node x, int kernel, int stride, int padding, Shape result) {
        // Kernel, stride, padding, dilation, explicit padding, divide by the elements inside the image, NCHW.
        long[] geometry = {kernel, kernel, stride, stride, padding, padding, 1, 1, 0, 0, 0};
        Slot y = tape.emit(result, List.of(x.value()), Kernels.operation(operation, geometry));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(
                                        x.shape(),
                                        List.of(x.value(), dy),
                                        Kernels.operation(operation + "_bp", geometry))));
    }

    static Node spatialMean(Tape tape, Node x, Shape result) {
        int rows = result.size();
        int area = x.shape().size() / rows;
        Slot y = tape.emit(
                result,
                List.of(x.value()),
                (reads, writes) -> Kernels.bind(
                        "reduce_mean",
                        List.of(Kernels.view(reads.get(0), rows, area)),
                        List.of(Kernels.view(writes.get(0), rows)),
                        LAST_AXIS));
        Slot share = tape.filled(Shape.of(1, area), 1.0 / area);
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) ->
                        backprop.add(x, () -> Matmul.emit(backprop.tape(), dy, share, rows, 1, area, x.shape())));
    }

    /** Computes means of rows, then their mean: a single float32 sum over a batch of images would be inexact. */
    static Node mean(Tape tape, Node x) {
        int size = x.shape().size();
        int row = x.shape().rank() == 0 ? 1 : x.shape().dim(x.shape().rank() - 1);
        Slot rowMeans = tape.emit(
                Shape.of(size / row),
                List.of(x.value()),
                (reads, writes) -> Kernels.bind(
                        "reduce_mean", List.of(Kernels.view(reads.get(0), size / row, row)), writes, LAST_AXIS));
        Slot y = tape.emit(Shape.SCALAR, List.of(rowMeans), Kernels.operation("reduce_mean", new long[] {0}));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(
                                        x.shape(),
                                        List.of(dy),
                                        (reads, writes) -> distribute(reads.get(0), writes.get(0), size))));
    }

    private static Runnable distribute(INDArray scalar, INDArray target, int size) {
        return () -> target.assign(scalar.getDouble(0) / size);
    }
}
