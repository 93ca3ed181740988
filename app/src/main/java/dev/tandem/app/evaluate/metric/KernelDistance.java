package dev.tandem.app.evaluate.metric;

/**
 * Kernel distance of two sets of feature vectors, unbiased: 0 on average for two sets of one kind, and so at times below 0.
 *
 * <p>Squared maximum mean discrepancy with the kernel {@code (x y / D + 1)^3} over all vectors at once (Binkowski et al.,
 * "Demystifying MMD GANs", ICLR 2018, who average it over subsets).
 */
public final class KernelDistance {
    private KernelDistance() {}

    /** @param first (N, D), N of 2 or more */
    public static double of(double[][] first, double[][] second) {
        return within(first) + within(second) - 2 * between(first, second);
    }

    private static double within(double[][] vectors) {
        double sum = 0;
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += 2 * kernel(vectors[i], vectors[j]);
            }
        }
        return sum / vectors.length / (vectors.length - 1);
    }

    private static double between(double[][] first, double[][] second) {
        double sum = 0;
        for (double[] x : first) {
            for (double[] y : second) {
                sum += kernel(x, y);
            }
        }
        return sum / first.length / second.length;
    }

    private static double kernel(double[] x, double[] y) {
        double dot = 0;
        for (int i = 0; i < x.length; i++) {
            dot += x[i] * y[i];
        }
        return Math.pow(dot / x.length + 1, 3);
    }
}
