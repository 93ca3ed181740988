package dev.tandem.evaluation.feature;

import dev.tandem.model.tensor.Tensor;

/** What a network sees in pictures, as one vector each. */
public interface Features extends AutoCloseable {

    /** Which network, and how pictures come to its size; for the report. */
    String name();

    /**
     * @param images (N, C, H, W) in [-1, 1]
     * @return (N, D)
     */
    double[][] of(Tensor images);

    @Override
    void close();
}
