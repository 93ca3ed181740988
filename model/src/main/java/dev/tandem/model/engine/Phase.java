package dev.tandem.model.engine;

import java.util.Map;

/** A computation that an engine compiles once and runs often, for instance one phase of the training step. */
public interface Phase {

    /** Name in messages. */
    String name();

    /** Builds the graph; the engine calls this once, with its own type of value. */
    <T> Outputs<T> build(Graph<T> graph);

    /**
     * The results of a phase.
     *
     * @param terms scalars by name; a trainable phase minimises the one named {@link #LOSS}
     * @param tensors tensors by name; an input can be one of them, so that other programs can read it on the device
     */
    record Outputs<T>(Map<String, T> terms, Map<String, T> tensors) {
        public static final String LOSS = "loss";

        public Outputs {
            terms = Map.copyOf(terms);
            tensors = Map.copyOf(tensors);
        }
    }
}
