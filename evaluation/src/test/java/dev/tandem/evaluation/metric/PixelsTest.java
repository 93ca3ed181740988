package dev.tandem.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PixelsTest {
    @Test
    void l1_blackAndWhite_isOne() {
        assertThat(Pixels.l1(TestTensors.grey(4, -1), TestTensors.grey(4, 1))).isEqualTo(1);
    }

    @Test
    void l1_differentShapes_isRejected() {
        assertThatThrownBy(() -> Pixels.l1(TestTensors.grey(4, 0), TestTensors.grey(8, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void luma_pureColours_hasTheWeightsOfItu601() {
        assertThat(Pixels.luma(TestTensors.filled(1, 1, -1, -1))[0]).isCloseTo(0.299, within(1e-12));
        assertThat(Pixels.luma(TestTensors.filled(1, -1, 1, -1))[0]).isCloseTo(0.587, within(1e-12));
        assertThat(Pixels.luma(TestTensors.filled(1, -1, -1, 1))[0]).isCloseTo(0.114, within(1e-12));
    }

    @Test
    void luma_oneChannel_isItsLevel() {
        assertThat(Pixels.luma(Tensor.zeros(1, 1, 1, 1))).containsExactly(0.5);
    }
}
