package dev.tandem.evaluation.feature;

import dev.tandem.model.tensor.Tensor;

/** A network that computes a feature vector of each image. */
public interface Features extends AutoCloseable {

    /** The network and the size at which it gets the images, for the report. */
    String name();

    /**
     * Computes feature vectors.
     *
     * @param images (N, C, H, W) in [-1, 1]
     * @return (N, D)
     */
    double[][] extract(Tensor images);

    @Override
    void close();
}
