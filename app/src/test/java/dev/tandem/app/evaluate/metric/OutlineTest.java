package dev.tandem.app.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.evaluate.Images;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class OutlineTest {
    private static final int SIDE = 16;
    private final Outline outline = new Outline(Images.line(SIDE, 5));

    @Test
    void recalls_theSameLine_areOne() {
        Tensor same = Images.line(SIDE, 5);

        assertThat(outline.darkRecall(same)).hasValue(1);
        assertThat(outline.edgeRecall(same)).hasValue(1);
        assertThat(outline.edgePrecision(same)).hasValue(1);
    }

    @Test
    void recalls_nothing_areZeroAndPrecisionIsUnknown() {
        Tensor white = Images.grey(SIDE, 1);

        assertThat(outline.darkRecall(white)).hasValue(0);
        assertThat(outline.edgeRecall(white)).hasValue(0);
        assertThat(outline.edgePrecision(white)).isEmpty();
    }

    @Test
    void edges_aPixelAside_areStillThere() {
        Tensor aside = Images.line(SIDE, 6);

        assertThat(outline.darkRecall(aside)).hasValue(0);
        assertThat(outline.edgeRecall(aside)).hasValue(1);
    }

    @Test
    void edgePrecision_anotherLine_isHalf() {
        Tensor two = Images.grey(SIDE, place -> place % SIDE == 5 || place % SIDE == 11 ? -1 : 1);

        assertThat(outline.edgeRecall(two)).hasValue(1);
        assertThat(outline.edgePrecision(two)).hasValue(0.5);
    }

    @Test
    void recalls_inputWithoutLines_areUnknown() {
        Outline blank = new Outline(Images.grey(SIDE, 1));

        assertThat(blank.darkRecall(Images.line(SIDE, 5))).isEmpty();
        assertThat(blank.edgeRecall(Images.line(SIDE, 5))).isEmpty();
    }
}
