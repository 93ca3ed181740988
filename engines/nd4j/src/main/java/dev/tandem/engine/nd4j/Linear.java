package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;

/** {@code x weight^T + bias} and its gradients. */
final class Linear {
    private static final long[] PLAIN = {0, 0, 0};
    private static final long[] RIGHT_TRANSPOSED = {0, 1, 0};
    private static final long[] LEFT_TRANSPOSED = {1, 0, 0};

    private Linear() {}

    static Node apply(Tape tape, Node x, Node weight, Node bias, Shape result) {
        Slot product =
                tape.emit(result, List.of(x.value(), weight.value()), Kernels.operation("matmul", RIGHT_TRANSPOSED));
        Slot y = tape.emitInPlace(result, List.of(product, bias.value()), Kernels.operation("add"));
        return tape.derive(y, List.of(x, weight, bias), (backprop, dy) -> {
            Tape back = backprop.tape();
            backprop.add(
                    x, () -> back.emit(x.shape(), List.of(dy, weight.value()), Kernels.operation("matmul", PLAIN)));
            backprop.add(
                    weight,
                    () -> back.emit(
                            weight.shape(), List.of(dy, x.value()), Kernels.operation("matmul", LEFT_TRANSPOSED)));
            backprop.add(
                    bias, () -> back.emit(bias.shape(), List.of(dy), Kernels.operation("reduce_sum", new long[] {0})));
        });
    }
}
