package dev.tandem.evaluation.metric;

import java.util.Arrays;

/**
 * Precision and recall of generated images (Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing
 * Generative Models", NeurIPS 2019).
 *
 * <p>A vector lies among a set if its distance to a vector of the set is at most that vector's distance to its third nearest
 * neighbour in the set.
 *
 * @param precision share of generated images that lie among the real ones
 * @param recall share of real images that lie among the generated ones
 */
public record PrecisionRecall(double precision, double recall) {
    private static final int NEIGHBOUR = 3;

    /**
     * Computes both shares.
     *
     * @param real (N, D) with N above {@value #NEIGHBOUR}
     * @param generated (M, D) with M above {@value #NEIGHBOUR}
     */
    public static PrecisionRecall of(double[][] real, double[][] generated) {
        return new PrecisionRecall(shareInside(generated, real), shareInside(real, generated));
    }

    private static double shareInside(double[][] vectors, double[][] set) {
        double[] squaredRadii = new double[set.length];
        Arrays.setAll(squaredRadii, i -> squaredRadius(set, i));
        return Arrays.stream(vectors)
                .parallel()
                .mapToInt(vector -> isInside(vector, set, squaredRadii) ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static boolean isInside(double[] vector, double[][] set, double[] squaredRadii) {
        for (int i = 0; i < set.length; i++) {
            if (squaredDistance(vector, set[i]) <= squaredRadii[i]) {
                return true;
            }
        }
        return false;
    }

    /** The squared distance to the third nearest neighbour; the nearest of all is the vector itself. */
    private static double squaredRadius(double[][] vectors, int i) {
        return Arrays.stream(vectors)
                .mapToDouble(other -> squaredDistance(vectors[i], other))
                .sorted()
                .skip(NEIGHBOUR)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "at least " + (NEIGHBOUR + 1) + " vectors are needed, but there are " + vectors.length));
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
