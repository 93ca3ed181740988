package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResamplingTest {

    @Test
    void bilinearDoubling_lengthThree_equalsPyTorch() {
        // torch.nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False) along one axis.
        assertThat(Resampling.bilinearDoubling(3).matrix())
                .containsExactly(1, 0, 0, 0.75, 0.25, 0, 0.25, 0.75, 0, 0, 0.75, 0.25, 0, 0.25, 0.75, 0, 0, 1);
    }

    @Test
    void reflectionPad_lengthThree_mirrorsWithoutRepeatingTheBorder() {
        assertThat(Resampling.reflectionPad(3).matrix()).containsExactly(0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0);
    }

    @Test
    void then_lengthsDiffer_isRejected() {
        Resampling three = Resampling.reflectionPad(3);

        assertThatThrownBy(() -> three.then(three)).hasMessage("a map from 3 cannot follow one to 5");
    }
}
