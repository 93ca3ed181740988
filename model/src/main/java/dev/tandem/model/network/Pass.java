package dev.tandem.model.network;

import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;

/**
 * One walk through a network: with which operations and weights, and whether to learn (statistics of the batch,
 * dropout) or to apply what was learnt (running statistics, no dropout).
 */
public record Pass<T>(Ops<T> ops, Parameters<T> parameters, boolean learning, Dropout<T> dropout) {

    /** Drops activations of a layer, by its name. */
    @FunctionalInterface
    public interface Dropout<T> {
        T apply(String layer, T x);
    }

    /** A walk that learns, without dropout. */
    public static <T> Pass<T> learning(Ops<T> ops, Parameters<T> parameters) {
        return new Pass<>(ops, parameters, true, (layer, x) -> x);
    }

    public static <T> Pass<T> applying(Ops<T> ops, Parameters<T> parameters) {
        return new Pass<>(ops, parameters, false, (layer, x) -> x);
    }
}
