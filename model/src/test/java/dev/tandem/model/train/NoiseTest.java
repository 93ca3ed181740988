package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NoiseTest {

    @Test
    void uniform_manyNumbers_fillTheIntervalAndDependOnSeedAndPurpose() {
        Shape shape = Shape.of(10_000);
        float[] numbers = Noise.uniform(shape, 3, "share").data();

        int lowerHalf = 0;
        for (float number : numbers) {
            assertThat(number).isGreaterThanOrEqualTo(0).isLessThan(1);
            lowerHalf += number < 0.5 ? 1 : 0;
        }
        assertThat(lowerHalf).isBetween(4800, 5200);
        assertThat(Noise.uniform(shape, 3, "share").data()).containsExactly(numbers);
        assertThat(Noise.uniform(shape, 4, "share").data()).isNotEqualTo(numbers);
        assertThat(Noise.uniform(shape, 3, "other").data()).isNotEqualTo(numbers);
    }

    @Test
    void dropout_quarterRate_dropsAQuarterAndScalesTheRest() {
        Tensor mask = Noise.dropout(Shape.of(10_000), 0.25, 3, "mask");

        int dropped = 0;
        for (float value : mask.data()) {
            assertThat(value).isIn(0f, (float) (1 / 0.75));
            dropped += value == 0 ? 1 : 0;
        }
        assertThat(dropped).isBetween(2300, 2700);
    }
}
