package dev.tandem.model.network;

import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;

/**
 * One walk through a network: with which operations and weights, and whether to learn (statistics of the batch,
 * dropout) or to apply what was learnt (running statistics, no dropout).
 *
 * @param batches how many batches walk together: what one walk of each in turn would give, with the weights read once
 */
public record ForwardPass<T>(Ops<T> ops, Parameters<T> parameters, boolean learning, Dropout<T> dropout, int batches) {

    /** Drops activations of a layer, by its name. */
    @FunctionalInterface
    public interface Dropout<T> {
        T apply(String layer, T x);
    }

    /** A walk of one batch that learns, without dropout. */
    public static <T> ForwardPass<T> learning(Ops<T> ops, Parameters<T> parameters) {
        return learning(ops, parameters, 1);
    }

    /** A walk of several batches of one size, one behind the other, that learns, without dropout. */
    public static <T> ForwardPass<T> learning(Ops<T> ops, Parameters<T> parameters, int batches) {
        return new ForwardPass<>(ops, parameters, true, (layer, x) -> x, batches);
    }

    public static <T> ForwardPass<T> applying(Ops<T> ops, Parameters<T> parameters) {
        return new ForwardPass<>(ops, parameters, false, (layer, x) -> x, 1);
    }
}
