package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Errors of one group of values. Prints the largest one, and fails for those that exceed their tolerance. */
final class ParityReport {
    static final double FORWARD_TOLERANCE = 1e-5;
    static final double GRADIENT_TOLERANCE = 1e-3;
    /** The smallest divisor of a gradient's error, as a share of the largest gradient of its network: the float32 limit. */
    private static final double MIN_GRADIENT_SHARE = 3e-3;

    /** The smallest divisor of a loss's error: the mean score of WGAN-GP can cancel to nearly 0. */
    private static final double MIN_LOSS = 0.05;

    private final String title;
    private final double gradientTolerance;
    private final List<String> failures = new ArrayList<>();
    private String worst = "";
    private double largest;

    ParityReport(String title) {
        this(title, GRADIENT_TOLERANCE);
    }

    ParityReport(String title, double gradientTolerance) {
        this.title = title;
        this.gradientTolerance = gradientTolerance;
    }

    void check(String name, double error, double tolerance) {
        // Not "error > tolerance": NaN must fail.
        if (!(error <= tolerance)) {
            failures.add(String.format("%s: error %.2g, allowed %.0g", name, error, tolerance));
        }
        if (error >= largest) {
            largest = error;
            worst = name;
        }
    }

    /** Compares the first image of a batch; the goldens have no other. */
    void checkForward(String name, Tensor expected, Tensor actual) {
        check(name, maximum(difference(expected, actual.rows(0, 1))) / maximum(expected), FORWARD_TOLERANCE);
    }

    void checkLoss(String name, double expected, double actual) {
        check(name, Math.abs(actual - expected) / Math.max(Math.abs(expected), MIN_LOSS), FORWARD_TOLERANCE);
    }

    /**
     * Compares a gradient.
     *
     * @param error norm of the difference
     * @param norms norms of all expected gradients, by {@code NETWORK.PARAMETER}
     */
    void checkGradient(String name, double error, Map<String, Double> norms) {
        double limit = MIN_GRADIENT_SHARE * largestOfTheNetwork(norms, name);
        check(name, error / Math.max(norms.get(name), limit), gradientTolerance);
    }

    private static double largestOfTheNetwork(Map<String, Double> norms, String name) {
        String network = name.substring(0, name.indexOf('.') + 1);
        return norms.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(network))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElseThrow();
    }

    void finish() {
        System.out.printf("parity | %s | %.1e | %s%n", title, largest, worst);
        assertThat(failures).as(title).isEmpty();
    }

    static Tensor difference(Tensor a, Tensor b) {
        assertThat(b.shape()).isEqualTo(a.shape());
        float[] data = new float[a.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = a.data()[i] - b.data()[i];
        }
        return new Tensor(a.shape(), data);
    }

    /** Euclidean norm. */
    static double norm(Tensor tensor) {
        return Math.sqrt(dot(tensor, tensor));
    }

    static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }

    private static double maximum(Tensor tensor) {
        double maximum = 0;
        for (float value : tensor.data()) {
            maximum = Math.max(maximum, Math.abs(value));
        }
        return maximum;
    }
}
