package dev.tandem.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.MatrixUtils;
import org.junit.jupiter.api.Test;

/** Frechet distance, kernel distance, precision and recall against values calculated by hand. */
class FeatureDistancesTest {
    /** |(3, 4)|^2 + (1 + 4 - 2 sqrt(4)) + (9 + 16 - 2 sqrt(144)). */
    @Test
    void frechet_diagonalCovariances_isTheClosedForm() {
        double distance = FrechetDistance.of(
                new double[] {0, 0},
                MatrixUtils.createRealDiagonalMatrix(new double[] {1, 9}),
                new double[] {3, 4},
                MatrixUtils.createRealDiagonalMatrix(new double[] {4, 16}));

        assertThat(distance).isCloseTo(25 + 1 + 1, within(1e-9));
    }

    /** C1 = ((2, 1), (1, 2)), C2 = 4 C1: they commute, and (C1 C2)^(1/2) = 2 C1, so tr = 4 + 16 - 2 * 8. */
    @Test
    void frechet_correlatedGaussians_isTheClosedForm() {
        double[][] covariance = {{2, 1}, {1, 2}};

        double distance = FrechetDistance.of(
                new double[2],
                MatrixUtils.createRealMatrix(covariance),
                new double[2],
                MatrixUtils.createRealMatrix(covariance).scalarMultiply(4));

        assertThat(distance).isCloseTo(4, within(1e-9));
    }

    /** The sample variances of (-1, 1) and (1, 5) are 2 and 8; the means are 0 and 3. */
    @Test
    void frechet_vectors_isTheDistanceOfTheFittedGaussians() {
        assertThat(FrechetDistance.of(new double[][] {{-1, 0}, {1, 0}}, new double[][] {{1, 0}, {5, 0}}))
                .isCloseTo(9 + 2 + 8 - 2 * Math.sqrt(16), within(1e-9));
    }

    /** Within {0, 2}: (0 + 1)^3 = 1. Within {1, 3}: 64. Between the sets, without pairs of the same input: 1 and 27. */
    @Test
    void kernel_fourNumbers_equalsTheValueByHand() {
        assertThat(KernelDistance.of(vectors(new double[][] {{0}, {2}}), vectors(new double[][] {{1}, {3}})))
                .isCloseTo(1 + 64 - 2 * (1 + 27) / 2.0, within(1e-9));
    }

    @Test
    void kernel_identicalSets_isZero() {
        List<FeatureVector> vectors = vectors(gaussian(1, 0));

        assertThat(KernelDistance.of(vectors, vectors)).isZero();
    }

    @Test
    void distances_shiftedDistribution_areLargerThanOfTheSameDistribution() {
        double[][] first = gaussian(1, 0);
        double[][] second = gaussian(2, 0);
        double[][] shifted = gaussian(3, 1);

        assertThat(KernelDistance.of(vectors(first), vectors(second))).isBetween(-0.05, 0.05);
        assertThat(KernelDistance.of(vectors(first), vectors(shifted))).isGreaterThan(0.5);
        assertThat(FrechetDistance.of(first, shifted)).isCloseTo(4, within(0.6));
    }

    @Test
    void precisionRecall_generatedImagesCoverHalf_hasFullPrecisionAndPartialRecall() {
        double[][] real = line(0, 20);
        double[][] generated = line(0.4, 10);

        PrecisionRecall shares = PrecisionRecall.of(real, generated);

        assertThat(shares.precision()).isEqualTo(1);
        // The radius of the last generated vector is 3, so the real vectors 10, 11 and 12 lie inside, too.
        assertThat(shares.recall()).isCloseTo(13.0 / 20, within(1e-12));
    }

    @Test
    void precisionRecall_separateSets_areZero() {
        assertThat(PrecisionRecall.of(line(0, 10), line(100, 10))).isEqualTo(new PrecisionRecall(0, 0));
    }

    @Test
    void precisionRecall_tooFewVectors_isRejected() {
        assertThatThrownBy(() -> PrecisionRecall.of(line(0, 3), line(0, 10)))
                .hasMessageContaining("at least 4 vectors");
    }

    /** Each vector belongs to an input of its own. */
    private static List<FeatureVector> vectors(double[][] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> new FeatureVector(i, values[i]))
                .toList();
    }

    /** Numbers with a distance of 1. */
    private static double[][] line(double from, int count) {
        double[][] vectors = new double[count][];
        Arrays.setAll(vectors, i -> new double[] {from + i});
        return vectors;
    }

    private static double[][] gaussian(long seed, double mean) {
        Random random = new Random(seed);
        double[][] vectors = new double[400][4];
        for (double[] vector : vectors) {
            Arrays.setAll(vector, i -> mean + random.nextGaussian());
        }
        return vectors;
    }
}
