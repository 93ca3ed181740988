package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NoiseTest {

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
