package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Joining, cutting and repeating, and their gradients. */
final class Layout {
    private static final long[] PLAIN = {0, 0, 0};

    private Layout() {}

    static Node concat(Tape tape, int axis, List<Node> parts, Shape result) {
        Slot y = tape.emit(
                result, parts.stream().map(Node::value).toList(), Kernels.operation("concat", new long[] {axis}));
        return tape.derive(y, parts, (backprop, dy) -> {
            int from = 0;
            for (Node part : parts) {
                int start = from;
                int end = from + part.shape().dim(axis);
                backprop.add(part, () -> cut(backprop.tape(), dy, axis, start, end, part.shape()));
                from = end;
            }
        });
    }

    static Node slice(Tape tape, Node x, int from, int to, Shape result) {
        Slot y = cut(tape, x.value(), 0, from, to, result);
        return tape.derive(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape().emit(x.shape(), List.of(dy), (reads, writes) -> {
                            INDArray inside = range(writes.get(0), 0, from, to);
                            return () -> {
                                writes.get(0).assign(0);
                                inside.assign(reads.get(0));
                            };
                        })));
    }

    /** Repetition as an outer product with ones, and its gradient as a sum: both run at the speed of BLAS. */
    static Node tile(Tape tape, Node z, Shape result) {
        int rows = z.shape().size();
        int area = result.height() * result.width();
        Slot ones = tape.filled(Shape.of(1, area), 1);
        Slot y = tape.emit(
                result,
                List.of(z.value(), ones),
                (reads, writes) -> Kernels.bind(
                        "matmul",
                        List.of(Kernels.view(reads.get(0), rows, 1), reads.get(1)),
                        List.of(Kernels.view(writes.get(0), rows, area)),
                        PLAIN));
        return tape.derive(
                y,
                List.of(z),
                (backprop, dy) -> backprop.add(
                        z,
                        () -> backprop.tape()
                                .emit(
                                        z.shape(),
                                        List.of(dy, ones),
                                        (reads, writes) -> Kernels.bind(
                                                "matmul",
                                                List.of(
                                                        Kernels.view(reads.get(0), rows, area),
                                                        Kernels.view(reads.get(1), area, 1)),
                                                List.of(Kernels.view(writes.get(0), rows, 1)),
                                                PLAIN))));
    }

    static Node reshape(Tape tape, Node x, Shape result) {
        Slot y = reshaped(tape, x.value(), result);
        return tape.derive(
                y, List.of(x), (backprop, dy) -> backprop.add(x, () -> reshaped(backprop.tape(), dy, x.shape())));
    }

    private static Slot reshaped(Tape tape, Slot x, Shape result) {
        return tape.emit(
                result,
                List.of(x),
                (reads, writes) -> Kernels.copy(List.of(Kernels.view(reads.get(0), result.toArray())), writes));
    }

    /** A range of one axis. */
    static Slot cut(Tape tape, Slot x, int axis, int from, int to, Shape result) {
        return tape.emit(
                result,
                List.of(x),
                (reads, writes) -> Kernels.copy(List.of(range(reads.get(0), axis, from, to)), writes));
    }

    private static INDArray range(INDArray x, int axis, int from, int to) {
        INDArrayIndex[] indices = new INDArrayIndex[x.rank()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i == axis ? NDArrayIndex.interval(from, to) : NDArrayIndex.all();
        }
        return x.get(indices);
    }
}
