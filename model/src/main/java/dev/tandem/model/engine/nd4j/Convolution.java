package dev.tandem.model.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;

/** Convolution and its gradients. The weight keeps PyTorch's layout (O, I, K, K), which ND4J calls OIYX. */
record Convolution(Node weight, Node bias, int stride, int padding) {

    Node apply(Tape tape, Node x, Shape result) {
        Slot y = tape.emit(
                result,
                List.of(x.value(), weight.value(), bias.value()),
                Kernels.operation("conv2d", geometry(weight, stride, padding)));
        return tape.derive(y, List.of(x, weight, bias), (backprop, dy) -> flow(backprop, x, dy));
    }

    private void flow(Backprop backprop, Node x, Slot dy) {
        if (weight.differentiable() || bias.differentiable() || !isExactTranspose(x, dy)) {
            List<Slot> gradients = backprop.tape()
                    .emit(
                            List.of(x.shape(), weight.shape(), bias.shape()),
                            List.of(x.value(), weight.value(), bias.value(), dy),
                            false,
                            Kernels.operation("conv2d_bp", geometry(weight, stride, padding)));
            backprop.add(x, () -> gradients.get(0));
            backprop.add(weight, () -> gradients.get(1));
            backprop.add(bias, () -> gradients.get(2));
        } else {
            // Frozen weights: the gradient of the input alone is half the work.
            backprop.add(
                    x,
                    () -> backprop.tape()
                            .emit(
                                    x.shape(),
                                    List.of(dy, weight.value()),
                                    Kernels.operation("deconv2d", geometry(weight, stride, padding))));
        }
    }

    /** Whether a transposed convolution gives back the input's size: false where the stride left a rest over. */
    private boolean isExactTranspose(Node x, Slot dy) {
        int window = weight.shape().height() - 2 * padding;
        return (dy.shape().height() - 1) * stride + window == x.shape().height()
                && (dy.shape().width() - 1) * stride + window == x.shape().width();
    }

    /** ND4J's arguments: kernel, stride, padding, dilation, explicit padding, NCHW, weights OIYX. */
    static long[] geometry(Node weight, int stride, int padding) {
        int kernel = weight.shape().height();
        return new long[] {kernel, kernel, stride, stride, padding, padding, 1, 1, 0, 0, 1};
    }
}
