package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/** The graph of a phase under construction: its operations, inputs and parameters. */
public interface Graph<T> {

    /** The operations that add nodes to the graph. */
    Ops<T> ops();

    /** Declares an input, a value that every run supplies; no gradient flows into it. */
    T input(String name, Shape shape);

    /** Parameters for which this phase computes gradients and which its optimizer updates. */
    Parameters<T> trainable(Variables variables);

    /** The same parameters as constants: gradients flow through the network, but not into its parameters. */
    Parameters<T> frozen(Variables variables);
}
