package dev.tandem.evaluation.metric;

import java.util.List;

/**
 * Kernel distance of two sets of feature vectors, unbiased: 0 on average for two sets of one kind, and so at times below 0.
 *
 * <p>Squared maximum mean discrepancy with the kernel {@code (x y / D + 1)^3} over all vectors at once (Binkowski et al.,
 * "Demystifying MMD GANs", ICLR 2018, who average it over subsets). Vectors of one input, which are alike for its sake, are
 * not compared with each other, neither within a set nor between the two.
 */
public final class KernelDistance {
    private KernelDistance() {}

    /** @param first of two inputs or more */
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
