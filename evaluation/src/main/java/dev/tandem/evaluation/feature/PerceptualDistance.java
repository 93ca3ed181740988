package dev.tandem.evaluation.feature;

import dev.tandem.model.tensor.Tensor;

/** How different two pictures look to a network; 0 for the same picture. */
public interface PerceptualDistance extends AutoCloseable {

    /** Which network, for the report. */
    String name();

    /**
     * The distances of pictures one by one.
     *
     * @param a (N, C, H, W) in [-1, 1]
     * @param b likewise
     * @return (N)
     */
    double[] between(Tensor a, Tensor b);

    @Override
    void close();
}
