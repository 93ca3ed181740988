package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Operations that only move elements: concat, slice, tile, reshape; with gradients. */
final class Layout {

    private Layout() {}

    static Node concat(Tape tape, int axis, List<Node> parts, Shape result) {
        Slot y = tape.emit(
                result, parts.stream().map(Node::value).toList(), Kernels.operation("concat", new long[] {axis}));
        return tape.node(y, parts, (backprop, dy) -> {
            int from = 0;
            for (Node part : parts) {
                int start = from;
                int end = from + part.shape().dim(axis);
                backprop.add(part, () -> range(backprop.tape(), dy, axis, start, end, part.shape()));
                from = end;
            }
        });
    }

    static Node slice(Tape tape, Node x, int from, int to, Shape result) {
        Slot y = range(tape, x.value(), 0, from, to, result);
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(
                                        x.shape(),
                                        List.of(dy),
                                        (reads, writes) -> zeroPad(reads.get(0), writes.get(0), from, to))));
    }

    private static Runnable zeroPad(INDArray dy, INDArray dx, int from, int to) {
        INDArray inside = view(dx, 0, from, to);
        return () -> {
            dx.assign(0);
            inside.assign(dy);
        };
    }

    /** An outer product with ones, and for the gradient a product with ones: ND4J computes both with BLAS. */
    static Node tile(Tape tape, Node z, Shape result) {
        int rows = z.shape().size();
        int area = result.height() * result.width();
        Slot ones = tape.filled(Shape.of(1, area), 1);
        Slot y = Matmul.emit(tape, z.value(), ones, rows, 1, area, result);
        return tape.node(
                y,
                List.of(z),
                (backprop, dy) ->
                        backprop.add(z, () -> Matmul.emit(backprop.tape(), dy, ones, rows, area, 1, z.shape())));
    }

    static Node reshape(Tape tape, Node x, Shape result) {
        Slot y = reshape(tape, x.value(), result);
        return tape.node(
                y, List.of(x), (backprop, dy) -> backprop.add(x, () -> reshape(backprop.tape(), dy, x.shape())));
    }

    private static Slot reshape(Tape tape, Slot x, Shape result) {
        return tape.emit(
                result,
                List.of(x),
                (reads, writes) -> Kernels.copy(List.of(Kernels.view(reads.get(0), result.toArray())), writes));
    }

    /** Emits a copy of the range {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    static Slot range(Tape tape, Slot x, int axis, int from, int to, Shape result) {
        return tape.emit(
                result,
                List.of(x),
                (reads, writes) -> Kernels.copy(List.of(view(reads.get(0), axis, from, to)), writes));
    }

    private static INDArray view(INDArray x, int axis, int from, int to) {
        INDArrayIndex[] indices = new INDArrayIndex[x.rank()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i == axis ? NDArrayIndex.interval(from, to) : NDArrayIndex.all();
        }
        return x.get(indices);
    }
}
