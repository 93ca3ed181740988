package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution, or its transpose, and its gradients. The weight keeps PyTorch's layout (O, I, K, K), transposed
 * (I, O, K, K), which ND4J calls OIYX.
 *
 * @param operation ND4J's name
 * @param reverse the operation that gives the gradient of the input: each is the other's
 */
record Convolution(String operation, String reverse, Filter<Node> filter, int stride, int padding) {

    private static final String PLAIN = "conv2d";
    private static final String TRANSPOSED = "deconv2d";

    static Convolution plain(Filter<Node> filter, int stride, int padding) {
        return new Convolution(PLAIN, TRANSPOSED, filter, stride, padding);
    }

    static Convolution transposed(Filter<Node> filter, int stride, int padding) {
        return new Convolution(TRANSPOSED, PLAIN, filter, stride, padding);
    }

    Node apply(Tape tape, Node x, Shape result) {
        boolean transposed = operation.equals(TRANSPOSED);
        if (LoweredConvolution.pays(filter.weight().shape(), transposed ? x.shape() : result)) {
            LoweredConvolution lowered = new LoweredConvolution(filter, stride, padding);
            return transposed ? lowered.transposed(tape, x, result) : lowered.plain(tape, x, result);
        }
        List<Node> operands = operands(x);
        Slot y = tape.emit(result, values(operands), Kernels.operation(operation, geometry()));
        return tape.derive(y, operands, (backprop, dy) -> flow(backprop, operands, dy));
    }

    private void flow(Backprop backprop, List<Node> operands, Slot dy) {
        Node x = operands.get(0);
        if (operands.stream().skip(1).noneMatch(Node::differentiable) && isReversible(x, dy)) {
            // Frozen weights: the gradient of the input alone is half the work.
            backprop.add(
                    x,
                    () -> backprop.tape()
                            .emit(
                                    x.shape(),
                                    List.of(dy, filter.weight().value()),
                                    Kernels.operation(reverse, geometry())));
            return;
        }
        List<Slot> reads = new ArrayList<>(values(operands));
        reads.add(dy);
        List<Slot> gradients = backprop.tape()
                .emit(
                        operands.stream().map(Node::shape).toList(),
                        reads,
                        false,
                        Kernels.operation(operation + "_bp", geometry()));
        for (int i = 0; i < operands.size(); i++) {
            Slot gradient = gradients.get(i);
            backprop.add(operands.get(i), () -> gradient);
        }
    }

    private List<Node> operands(Node x) {
        return filter.bias()
                .map(bias -> List.of(x, filter.weight(), bias))
                .orElseGet(() -> List.of(x, filter.weight()));
    }

    private static List<Slot> values(List<Node> nodes) {
        return nodes.stream().map(Node::value).toList();
    }

    /** Whether the reverse operation gives back the input's size: false where the stride left a rest over. */
    private boolean isReversible(Node x, Slot dy) {
        int window = filter.weight().shape().height() - 2 * padding;
        return operation.equals(TRANSPOSED)
                || (dy.shape().height() - 1) * stride + window == x.shape().height()
                        && (dy.shape().width() - 1) * stride + window
                                == x.shape().width();
    }

    /** ND4J's arguments: kernel, stride, padding, dilation, explicit padding, NCHW, weights OIYX. */
    private long[] geometry() {
        int kernel = filter.weight().shape().height();
        return new long[] {kernel, kernel, stride, stride, padding, padding, 1, 1, 0, 0, 1};
    }
}
