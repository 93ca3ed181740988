package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The largest error of a group, which is printed; whatever is too large fails. */
final class ParityReport {
    static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-3;
    /** Gradients smaller than this share of a network's largest are held to it: sums in float32 end there. */
    private static final double SMALL = 3e-3;

    private final String title;
    private final List<String> tooLarge = new ArrayList<>();
    private String worst = "";
    private double largest;

    ParityReport(String title) {
        this.title = title;
    }

    void check(String name, double error, double allowed) {
        if (!(error <= allowed)) {
            tooLarge.add(String.format("%s: %.2g instead of at most %.0g", name, error, allowed));
        }
        if (error >= largest) {
            largest = error;
            worst = name;
        }
    }

    /** Of the first image; the goldens have no more. */
    void checkForward(String name, Tensor expected, Tensor found) {
        check(name, largest(difference(expected, found.rows(0, 1))) / largest(expected), FORWARD);
    }

    void checkGradient(String name, double error, double length, double scale) {
        check(name, error / Math.max(length, SMALL * scale), GRADIENT);
    }

    void finish() {
        System.out.printf("parity | %s | %.1e | %s%n", title, largest, worst);
        assertThat(tooLarge).as(title).isEmpty();
    }

    static Tensor difference(Tensor a, Tensor b) {
        assertThat(b.shape()).isEqualTo(a.shape());
        float[] data = new float[a.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = a.data()[i] - b.data()[i];
        }
        return new Tensor(a.shape(), data);
    }

    static double length(Tensor tensor) {
        return Math.sqrt(product(tensor, tensor));
    }

    static double product(Tensor a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (float value : tensor.data()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
