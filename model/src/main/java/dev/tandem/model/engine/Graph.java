package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/** What a phase is built from. */
public interface Graph<T> {

    Ops<T> ops();

    /** A value given anew at every run; no gradient flows into it. */
    T input(String name, Shape shape);

    /** Parameters that this phase's loss is differentiated by and that its optimizer updates. */
    Parameters<T> trainable(Variables variables);

    /** The same parameters as constants: gradients flow through the network, not into it. */
    Parameters<T> frozen(Variables variables);
}
