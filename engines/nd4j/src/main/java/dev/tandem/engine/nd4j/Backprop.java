package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Appends to a tape the instructions that compute the gradients of a scalar, in reverse order of the forward ones. */
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
        List<Tape.Derivation> derivations = List.copyOf(tape.derivations());
        for (int i = derivations.size() - 1; i >= 0; i--) {
            Tape.Derivation derivation = derivations.get(i);
            // A value the loss does not depend on has no gradient to hand on.
            Slot dy = backprop.gradients.remove(derivation.result());
            if (dy != null) {
                derivation.gradient().flow(backprop, dy);
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

    /** Adds a gradient to an operand's; computes it only if the operand wants one. */
    void add(Node operand, Supplier<Slot> gradient) {
        if (operand.differentiable()) {
            gradients.merge(operand, gradient.get(), this::sum);
        }
    }

    private Slot sum(Slot a, Slot b) {
        return tape.emitInPlace(a.shape(), List.of(a, b), Kernels.operation("add"));
    }
}
