package dev.tandem.engine.nd4j;

import java.util.List;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;

/** Element-wise operations, with gradients. */
final class Pointwise {
    private Pointwise() {}

    /** Computes {@code max(x, slope x)}: ND4J's own leaky ReLU is eight times slower. */
    static Node leakyRelu(Tape tape, Node x, double slope) {
        Slot y = slope == 0
                ? tape.emitInPlace(x.shape(), List.of(x.value()), Kernels.operation("relu", 0.0))
                : tape.emit(
                        x.shape(),
                        List.of(x.value()),
                        (reads, writes) -> Kernels.sequence(
                                "leaky relu",
                                Kernels.scale(reads.get(0), writes.get(0), slope),
                                Kernels.operation("maximum").bind(List.of(reads.get(0), writes.get(0)), writes)));
        // y has the sign of x and later instructions read y anyway, so the buffer of x can become free.
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) ->
                        backprop.add(x, () -> product(backprop.tape(), derivative(backprop.tape(), y, slope), dy)));
    }

    /** 1 where {@code y > 0}, the slope elsewhere. With the product it takes a quarter of the time of {@code relu_bp}. */
    private static Slot derivative(Tape tape, Slot y, double slope) {
        return tape.emit(
                y.shape(),
                List.of(y),
                (reads, writes) -> slope == 0
                        ? Kernels.step(reads.get(0), writes.get(0))
                        : Kernels.sequence(
                                "leaky relu",
                                Kernels.step(reads.get(0), writes.get(0)),
                                Kernels.atLeast(writes.get(0), writes.get(0), slope)));
    }

    static Node tanh(Tape tape, Node x) {
        Slot y = tape.emit(x.shape(), List.of(x.value()), Kernels.operation("tanh"));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape().emit(x.shape(), List.of(x.value(), dy), Kernels.operation("tanh_bp"))));
    }

    static Node elu(Tape tape, Node x) {
        Slot y = tape.emit(x.shape(), List.of(x.value()), Kernels.operation("elu", 1.0));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(x.shape(), List.of(x.value(), dy), Kernels.operation("elu_bp", 1.0))));
    }

    /** Computes {@code max(x, 0) + log(1 + e^-|x|)}: ND4J's own softplus overflows at 89. */
    static Node softplus(Tape tape, Node x) {
        Slot magnitude = tape.emit(x.shape(), List.of(x.value()), Kernels.transform(Abs::new));
        Slot exponent = scale(tape, magnitude, -1);
        Slot power = tape.emitInPlace(x.shape(), List.of(exponent), Kernels.transform(Exp::new));
        Slot logarithm = tape.emitInPlace(x.shape(), List.of(power), Kernels.operation("log1p"));
        Slot positive = tape.emit(x.shape(), List.of(x.value()), Kernels.operation("relu", 0.0));
        Slot y = tape.emitInPlace(x.shape(), List.of(logarithm, positive), Kernels.operation("add"));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Slot slope = backprop.tape().emit(x.shape(), List.of(x.value()), Kernels.transform(Sigmoid::new));
                    return product(backprop.tape(), slope, dy);
                }));
    }

    static Node exp(Tape tape, Node x) {
        Slot y = tape.emit(x.shape(), List.of(x.value()), Kernels.transform(Exp::new));
        return tape.node(y, List.of(x), (backprop, dy) -> backprop.add(x, () -> product(backprop.tape(), dy, y)));
    }

    static Node abs(Tape tape, Node x) {
        Slot y = tape.emit(x.shape(), List.of(x.value()), Kernels.transform(Abs::new));
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Slot sign = backprop.tape().emit(x.shape(), List.of(x.value()), Kernels.transform(Sign::new));
                    return product(backprop.tape(), sign, dy);
                }));
    }

    static Node square(Tape tape, Node x) {
        Slot y = product(tape, x.value(), x.value());
        return tape.node(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(x, () -> {
                    Slot product = product(backprop.tape(), x.value(), dy);
                    return scale(backprop.tape(), product, 2);
                }));
    }

    static Node add(Tape tape, Node a, Node b) {
        Slot y = tape.emit(a.shape(), List.of(a.value(), b.value()), Kernels.operation("add"));
        return tape.node(y, List.of(a, b), (backprop, dy) -> {
            backprop.add(a, () -> dy);
            backprop.add(b, () -> dy);
        });
    }

    static Node subtract(Tape tape, Node a, Node b) {
        Slot y = tape.emit(a.shape(), List.of(a.value(), b.value()), Kernels.operation("subtract"));
        return tape.node(y, List.of(a, b), (backprop, dy) -> {
            backprop.add(a, () -> dy);
            backprop.add(b, () -> scale(backprop.tape(), dy, -1));
        });
    }

    static Node multiply(Tape tape, Node a, Node b) {
        Slot y = product(tape, a.value(), b.value());
        return tape.node(y, List.of(a, b), (backprop, dy) -> {
            backprop.add(a, () -> product(backprop.tape(), b.value(), dy));
            backprop.add(b, () -> product(backprop.tape(), a.value(), dy));
        });
    }

    static Node affine(Tape tape, Node x, double scale, double shift) {
        Slot y = tape.emit(
                x.shape(),
                List.of(x.value()),
                (reads, writes) -> Kernels.sequence(
                        "affine",
                        Kernels.scale(reads.get(0), writes.get(0), scale),
                        Kernels.shift(writes.get(0), writes.get(0), shift)));
        return tape.node(y, List.of(x), (backprop, dy) -> backprop.add(x, () -> scale(backprop.tape(), dy, scale)));
    }

    static Slot product(Tape tape, Slot a, Slot b) {
        return tape.emitInPlace(a.shape(), List.of(a, b), Kernels.operation("multiply"));
    }

    static Slot scale(Tape tape, Slot x, double scale) {
        return tape.emitInPlace(
                x.shape(), List.of(x), (reads, writes) -> Kernels.scale(reads.get(0), writes.get(0), scale));
    }
}
