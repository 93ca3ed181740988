package dev.tandem.model.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;

/** Transposed convolution, written with the plain convolution's operations; the weight is (I, O, K, K). */
record TransposedConvolution(Node weight, Node bias, int stride, int padding) {

    Node apply(Tape tape, Node x, Shape result) {
        Slot y = tape.emit(
                result,
                List.of(x.value(), weight.value(), bias.value()),
                Kernels.operation("deconv2d", Convolution.geometry(weight, stride, padding)));
        return tape.derive(y, List.of(x, weight, bias), (backprop, dy) -> flow(backprop, x, dy));
    }

    private void flow(Backprop backprop, Node x, Slot dy) {
        long[] geometry = Convolution.geometry(weight, stride, padding);
        if (weight.differentiable() || bias.differentiable()) {
            List<Slot> gradients = backprop.tape()
                    .emit(
                            List.of(x.shape(), weight.shape(), bias.shape()),
                            List.of(x.value(), weight.value(), bias.value(), dy),
                            false,
                            Kernels.operation("deconv2d_bp", geometry));
            backprop.add(x, () -> gradients.get(0));
            backprop.add(weight, () -> gradients.get(1));
            backprop.add(bias, () -> gradients.get(2));
        } else {
            backprop.add(
                    x,
                    () -> backprop.tape()
                            .emit(x.shape(), List.of(dy, weight.value()), Kernels.operation("conv2d", geometry)));
        }
    }
}
