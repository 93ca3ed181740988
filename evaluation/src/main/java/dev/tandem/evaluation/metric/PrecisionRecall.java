package dev.tandem.evaluation.metric;

import java.util.Arrays;

/**
 * Precision, the share of made pictures that lie among real ones, and recall, the share of real ones that lie among made
 * ones; among: no farther from one of them than that one's third nearest of its own kind (Kynkäänniemi et al., "Improved
 * Precision and Recall Metric for Assessing Generative Models", NeurIPS 2019).
 */
public record PrecisionRecall(double precision, double recall) {
    private static final int NEIGHBOUR = 3;

    /** @param real (N, D), N above {@value #NEIGHBOUR} */
    public static PrecisionRecall of(double[][] real, double[][] made) {
        return new PrecisionRecall(inside(made, real), inside(real, made));
    }

    private static double inside(double[][] vectors, double[][] manifold) {
        double[] radii = new double[manifold.length];
        Arrays.setAll(radii, i -> radius(manifold, i));
        return Arrays.stream(vectors)
                .parallel()
                .mapToInt(vector -> isInside(vector, manifold, radii) ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static boolean isInside(double[] vector, double[][] manifold, double[] radii) {
        for (int i = 0; i < manifold.length; i++) {
            if (squaredDistance(vector, manifold[i]) <= radii[i]) {
                return true;
            }
        }
        return false;
    }

    /** Squared; the vector itself is its own nearest. */
    private static double radius(double[][] vectors, int i) {
        return Arrays.stream(vectors)
                .mapToDouble(other -> squaredDistance(vectors[i], other))
                .sorted()
                .skip(NEIGHBOUR)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("too few vectors: " + vectors.length));
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
