package dev.tandem.model.engine;

import java.util.Map;

/** A computation that an engine compiles once and runs often: one of the step's three, or sampling. */
public interface Phase {

    String name();

    /** Builds the graph; called once, by the engine, with its own kind of value. */
    <T> Outputs<T> build(Graph<T> graph);

    /**
     * What a phase computes.
     *
     * @param terms scalars by name; a trainable phase minimises the one called {@link #LOSS}
     * @param tensors results that leave the device
     */
    record Outputs<T>(Map<String, T> terms, Map<String, T> tensors) {
        public static final String LOSS = "loss";

        public Outputs {
            terms = Map.copyOf(terms);
            tensors = Map.copyOf(tensors);
        }
    }
}
