package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;

/** A value of the forward graph, and whether the loss is differentiated by it. Compared by identity. */
final class Node {
    private final Slot value;
    private final boolean differentiable;

    Node(Slot value, boolean differentiable) {
        this.value = value;
        this.differentiable = differentiable;
    }

    Slot value() {
        return value;
    }

    boolean differentiable() {
        return differentiable;
    }

    Shape shape() {
        return value.shape();
    }
}
