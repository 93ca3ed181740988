package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;

/** A value of a program, which exactly one instruction writes. Compared by identity. */
final class Slot {
    private final Shape shape;

    Slot(Shape shape) {
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }
}
