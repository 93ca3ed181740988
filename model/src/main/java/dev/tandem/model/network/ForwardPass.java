package dev.tandem.model.network;

import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;

/**
 * How one forward pass through a network is computed.
 *
 * @param training whether batch norm uses the statistics of the batch (training) or the running statistics (inference)
 * @param batches number of equally large batches that the input concatenates; the result is that of one pass per batch,
 *     but the weights are read once
 */
public record ForwardPass<T>(Ops<T> ops, Parameters<T> parameters, boolean training, Dropout<T> dropout, int batches) {

    /** Applies dropout to the activations of a layer. */
    @FunctionalInterface
    public interface Dropout<T> {
        /** @param layer name of the layer */
        T apply(String layer, T x);
    }

    /** A training pass of one batch without dropout. */
    public static <T> ForwardPass<T> training(Ops<T> ops, Parameters<T> parameters) {
        return training(ops, parameters, 1);
    }

    /** A training pass of several concatenated batches without dropout. */
    public static <T> ForwardPass<T> training(Ops<T> ops, Parameters<T> parameters, int batches) {
        return new ForwardPass<>(ops, parameters, true, (layer, x) -> x, batches);
    }

    /** An inference pass: running statistics, no dropout. */
    public static <T> ForwardPass<T> inference(Ops<T> ops, Parameters<T> parameters) {
        return new ForwardPass<>(ops, parameters, false, (layer, x) -> x, 1);
    }
}
