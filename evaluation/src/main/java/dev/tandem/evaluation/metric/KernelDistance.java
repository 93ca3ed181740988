package dev.tandem.evaluation.metric;

import java.util.List;

/**
 * The kernel distance of two sets of feature vectors. It is unbiased: for two sets of one distribution its mean is 0, so
 * that single values can be below 0.
 *
 * <p>It is the squared maximum mean discrepancy with the kernel {@code (x y / D + 1)^3} (Binkowski et al., "Demystifying MMD
 * GANs", ICLR 2018). It deviates in two points: it compares all vectors at once instead of averaging over subsets, and it
 * does not compare vectors of the same input, because the input makes them similar.
 */
public final class KernelDistance {
    private KernelDistance() {}

    /**
     * Computes the distance.
     *
     * @param first vectors of at least two inputs
     * @param second vectors of at least two inputs
     */
    public static double of(List<FeatureVector> first, List<FeatureVector> second) {
        return mean(first, first) + mean(second, second) - 2 * mean(first, second);
    }

    private static double mean(List<FeatureVector> first, List<FeatureVector> second) {
        double sum = 0;
        long count = 0;
        for (FeatureVector x : first) {
            for (FeatureVector y : second) {
                if (x.input() != y.input()) {
                    sum += kernel(x.values(), y.values());
                    count++;
                }
            }
        }
        return sum / count;
    }

    private static double kernel(double[] x, double[] y) {
        double dot = 0;
        for (int i = 0; i < x.length; i++) {
            dot += x[i] * y[i];
        }
        return Math.pow(dot / x.length + 1, 3);
    }
}
