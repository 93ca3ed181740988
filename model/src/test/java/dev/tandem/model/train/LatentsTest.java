package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LatentsTest {

    @Test
    void closedPath_twoStops_interpolatesThereAndBackAlongTheCircle() {
        Tensor path = Latents.closedPath(Tensor.of(Shape.of(2, 2), 2, 0, 0, 2), 4);

        float half = (float) Math.sqrt(2);
        assertThat(path.data()).usingComparatorWithPrecision(1e-6f).containsExactly(2, 0, half, half, 0, 2, half, half);
    }

    @Test
    void between_gaussianLatents_isNotShorterThanBoth() {
        float[] from = Noise.gaussian(Shape.of(8), 1, "from").data();
        float[] to = Noise.gaussian(Shape.of(8), 1, "to").data();
        double shorter = Math.min(length(from), length(to));

        for (double fraction = 0; fraction <= 1; fraction += 0.125) {
            assertThat(length(Latents.between(from, to, fraction))).isGreaterThan(0.95 * shorter);
        }
    }

    @Test
    void between_parallelLatents_interpolatesStraight() {
        assertThat(Latents.between(new float[] {1, 0}, new float[] {3, 0}, 0.5)).containsExactly(2, 0);
        assertThat(Latents.between(new float[] {1, 0}, new float[] {-1, 0}, 0.25)[0])
                .isCloseTo(0.5f, within(1e-6f));
        assertThat(Latents.between(new float[] {0, 0}, new float[] {2, 0}, 0.5)).containsExactly(1, 0);
    }

    private static double length(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
