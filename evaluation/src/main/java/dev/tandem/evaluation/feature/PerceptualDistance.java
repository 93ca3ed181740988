package dev.tandem.evaluation.feature;

import dev.tandem.model.tensor.Tensor;

/** A network that computes how different two images are; 0 for identical images. */
public interface PerceptualDistance extends AutoCloseable {

    /** The network and the size at which it gets the images, for the report. */
    String name();

    /**
     * Computes the distance of each pair of images.
     *
     * @param a (N, C, H, W) in [-1, 1]
     * @param b (N, C, H, W) in [-1, 1]
     * @return (N)
     */
    double[] between(Tensor a, Tensor b);

    @Override
    void close();
}
