package dev.tandem.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import org.junit.jupiter.api.Test;

class SsimTest {
    private final Tensor noise = TestTensors.grey(16, pixel -> Noise.hash(1, "pixel." + pixel) % 100 / 100.0);

    @Test
    void of_identicalImages_isOne() {
        assertThat(Ssim.of(noise, noise)).isCloseTo(1, within(1e-12));
    }

    /** Without variance only the luminance term remains: (2 m n + C1) / (m^2 + n^2 + C1), C1 = 0.0001. */
    @Test
    void of_constantImages_isTheLuminanceTerm() {
        double expected = (2 * 0.25 * 0.75 + 1e-4) / (0.25 * 0.25 + 0.75 * 0.75 + 1e-4);

        assertThat(Ssim.of(TestTensors.grey(11, -0.5), TestTensors.grey(11, 0.5)))
                .isCloseTo(expected, within(1e-9));
    }

    /** The means are 0.5 and the covariance is -v: (C2 - 2 v) / (C2 + 2 v), which is near -1 for a large variance v. */
    @Test
    void of_negative_isNearMinusOne() {
        Tensor stripes = TestTensors.grey(12, pixel -> pixel % 2 == 0 ? -1 : 1);
        Tensor negative = TestTensors.grey(12, pixel -> pixel % 2 == 0 ? 1 : -1);

        assertThat(Ssim.of(stripes, negative)).isBetween(-1.0, -0.98);
    }

    @Test
    void of_imageSmallerThanTheWindow_isRejected() {
        assertThatThrownBy(() -> Ssim.of(TestTensors.grey(8, 0), TestTensors.grey(8, 0)))
                .hasMessageContaining("at least 11 pixels");
    }
}
