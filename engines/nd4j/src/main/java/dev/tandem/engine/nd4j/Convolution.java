package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution or transposed convolution by ND4J's operations, with gradients. The weight has PyTorch's layout (O, I, K, K), or
 * (I, O, K, K) if transposed; ND4J calls it OIYX.
 *
 * @param operation ND4J's name of the operation
 * @param inputGradient ND4J's name of the operation that computes the gradient of the input: the other one of the two
 */
record Convolution(String operation, String inputGradient, Filter<Node> filter, int stride, int padding) {

    private static final String CONVOLUTION = "conv2d";
    private static final String TRANSPOSED = "deconv2d";

    static Convolution of(Filter<Node> filter, int stride, int padding) {
        return new Convolution(CONVOLUTION, TRANSPOSED, filter, stride, padding);
    }

    static Convolution transposedOf(Filter<Node> filter, int stride, int padding) {
        return new Convolution(TRANSPOSED, CONVOLUTION, filter, stride, padding);
    }

    /** Applies the native operation, or {@link LoweredConvolution} where that is faster. */
    Node apply(Tape tape, Node x, Shape result) {
        boolean transposed = operation.equals(TRANSPOSED);
        if (LoweredConvolution.isFaster(filter.weight().shape(), transposed ? x.shape() : result)) {
            LoweredConvolution lowered = new LoweredConvolution(filter, stride, padding);
            return transposed ? lowered.transposedConvolution(tape, x, result) : lowered.convolution(tape, x, result);
        }
        List<Node> operands = operands(filter, x);
        Slot y = tape.emit(result, values(operands), Kernels.operation(operation, geometry()));
        return tape.node(y, operands, (backprop, dy) -> propagate(backprop, operands, dy));
    }

    /** The input, the weight, and the bias if there is one. */
    static List<Node> operands(Filter<Node> filter, Node x) {
        return filter.bias()
                .map(bias -> List.of(x, filter.weight(), bias))
                .orElseGet(() -> List.of(x, filter.weight()));
    }

    private void propagate(Backprop backprop, List<Node> operands, Slot dy) {
        Node x = operands.get(0);
        if (operands.stream().skip(1).noneMatch(Node::differentiable) && hasInputGradient(x, dy)) {
            // With frozen weights only the gradient of the input is needed, which is half the work.
            backprop.add(
                    x,
                    () -> backprop.tape()
                            .emit(
                                    x.shape(),
                                    List.of(dy, filter.weight().value()),
                                    Kernels.operation(inputGradient, geometry())));
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

    private static List<Slot> values(List<Node> nodes) {
        return nodes.stream().map(Node::value).toList();
    }

    /** Whether {@link #inputGradient} gives the size of the input. It gives a smaller one if the stride ignores borders. */
    private boolean hasInputGradient(Node x, Slot dy) {
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
