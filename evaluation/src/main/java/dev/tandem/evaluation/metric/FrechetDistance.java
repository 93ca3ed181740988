package dev.tandem.evaluation.metric;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;

/**
 * The Frechet distance of two Gaussians that are fitted to feature vectors (Heusel et al., "GANs Trained by a Two Time-Scale
 * Update Rule", NeurIPS 2017): {@code |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))}. It is biased: fewer vectors give a larger
 * distance.
 */
public final class FrechetDistance {
    private FrechetDistance() {}

    /**
     * Computes the distance.
     *
     * @param first (N, D) with N of 2 or more
     * @param second (M, D) with M of 2 or more
     */
    public static double of(double[][] first, double[][] second) {
        return of(mean(first), covariance(first), mean(second), covariance(second));
    }

    static double of(double[] mean1, RealMatrix covariance1, double[] mean2, RealMatrix covariance2) {
        double meanDistance = 0;
        for (int i = 0; i < mean1.length; i++) {
            meanDistance += (mean1[i] - mean2[i]) * (mean1[i] - mean2[i]);
        }
        // C1 C2 has the same eigenvalues as C1^(1/2) C2 C1^(1/2), which is symmetric.
        RealMatrix root = squareRoot(covariance1);
        RealMatrix inner = root.multiply(covariance2).multiply(root);
        double traceOfRoot = Arrays.stream(eigenvalues(inner)).map(Math::sqrt).sum();
        return meanDistance + covariance1.getTrace() + covariance2.getTrace() - 2 * traceOfRoot;
    }

    private static RealMatrix squareRoot(RealMatrix covariance) {
        EigenDecomposition decomposed = new EigenDecomposition(symmetric(covariance));
        RealMatrix vectors = decomposed.getV();
        RealMatrix scaled = vectors.copy();
        double[] values = decomposed.getRealEigenvalues();
        for (int column = 0; column < values.length; column++) {
            double scale = Math.sqrt(Math.max(0, values[column]));
            scaled.setColumnVector(column, vectors.getColumnVector(column).mapMultiply(scale));
        }
        return scaled.multiply(vectors.transpose());
    }

    private static double[] eigenvalues(RealMatrix matrix) {
        return Arrays.stream(new EigenDecomposition(symmetric(matrix)).getRealEigenvalues())
                .map(value -> Math.max(0, value))
                .toArray();
    }

    /** Removes the asymmetry that rounding causes. */
    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
    }

    private static double[] mean(double[][] vectors) {
        double[] mean = new double[vectors[0].length];
        for (double[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vector[i] / vectors.length;
            }
        }
        return mean;
    }

    private static RealMatrix covariance(double[][] vectors) {
        return new Covariance(new Array2DRowRealMatrix(vectors, false)).getCovarianceMatrix();
    }
}
