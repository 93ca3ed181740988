package dev.tandem.engine.nd4j;

import dev.tandem.engine.nd4j.Matmul.Transpose;
import dev.tandem.model.tensor.Shape;
import java.util.List;

/** The fully connected layer {@code x weight^T + bias}, with gradients. */
final class Linear {

    private Linear() {}

    static Node apply(Tape tape, Node x, Node weight, Node bias, Shape result) {
        Slot product = tape.emit(result, List.of(x.value(), weight.value()), Matmul.kernel(Transpose.RIGHT));
        Slot y = tape.emitInPlace(result, List.of(product, bias.value()), Kernels.operation("add"));
        return tape.node(y, List.of(x, weight, bias), (backprop, dy) -> {
            Tape back = backprop.tape();
            backprop.add(x, () -> back.emit(x.shape(), List.of(dy, weight.value()), Matmul.kernel(Transpose.NONE)));
            backprop.add(
                    weight, () -> back.emit(weight.shape(), List.of(dy, x.value()), Matmul.kernel(Transpose.LEFT)));
            backprop.add(
                    bias, () -> back.emit(bias.shape(), List.of(dy), Kernels.operation("reduce_sum", new long[] {0})));
        });
    }
}
