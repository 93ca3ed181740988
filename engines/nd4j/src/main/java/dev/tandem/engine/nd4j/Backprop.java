package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reverse-mode differentiation: appends the instructions that compute the gradients of a scalar to a tape. */
final class Backprop {
    private final Tape tape;
    private final Map<Node, Slot> gradients = new IdentityHashMap<>();

    private Backprop(Tape tape) {
        this.tape = tape;
    }

    /** Differentiates {@code loss} by all trainable parameters of the tape. */
    static void differentiate(Tape tape, Node loss) {
        Backprop backprop = new Backprop(tape);
        backprop.gradients.put(loss, tape.constant(Shape.SCALAR, 1));
        List<Tape.DifferentiableResult> results = List.copyOf(tape.differentiableResults());
        for (int i = results.size() - 1; i >= 0; i--) {
            Tape.DifferentiableResult result = results.get(i);
            // The loss does not depend on a result without a gradient.
            Slot dy = backprop.gradients.remove(result.node());
            if (dy != null) {
                result.rule().propagate(backprop, dy);
            }
        }
        tape.gradientTargets().forEach((parameter, target) -> {
            Slot gradient = backprop.gradients.get(parameter);
            tape.store(gradient == null ? tape.filled(parameter.shape(), 0) : gradient, target);
        });
    }

    Tape tape() {
        return tape;
    }

    /** Adds to the gradient of an operand. Emits the instructions of {@code gradient} only for a differentiable operand. */
    void add(Node operand, Supplier<Slot> gradient) {
        if (operand.differentiable()) {
            gradients.merge(operand, gradient.get(), this::sum);
        }
    }

    private Slot sum(Slot a, Slot b) {
        return tape.emitInPlace(a.shape(), List.of(a, b), Kernels.operation("add"));
    }
}
