package dev.tandem.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class OutlineTest {
    private static final int SIDE = 16;
    private final Outline outline = new Outline(TestTensors.line(SIDE, 5));

    @Test
    void recallAndPrecision_identicalLine_areOne() {
        Tensor same = TestTensors.line(SIDE, 5);

        assertThat(outline.darkRecall(same)).hasValue(1);
        assertThat(outline.edgeRecall(same)).hasValue(1);
        assertThat(outline.edgePrecision(same)).hasValue(1);
    }

    @Test
    void recallAndPrecision_blankImage_areZeroAndEmpty() {
        Tensor white = TestTensors.grey(SIDE, 1);

        assertThat(outline.darkRecall(white)).hasValue(0);
        assertThat(outline.edgeRecall(white)).hasValue(0);
        assertThat(outline.edgePrecision(white)).isEmpty();
    }

    @Test
    void edgeRecall_lineMovedByOnePixel_isOne() {
        Tensor moved = TestTensors.line(SIDE, 6);

        assertThat(outline.darkRecall(moved)).hasValue(0);
        assertThat(outline.edgeRecall(moved)).hasValue(1);
    }

    @Test
    void edgePrecision_oneAdditionalLine_isHalf() {
        Tensor two = TestTensors.grey(SIDE, pixel -> pixel % SIDE == 5 || pixel % SIDE == 11 ? -1 : 1);

        assertThat(outline.edgeRecall(two)).hasValue(1);
        assertThat(outline.edgePrecision(two)).hasValue(0.5);
    }

    @Test
    void recall_inputWithoutLines_isEmpty() {
        Outline blank = new Outline(TestTensors.grey(SIDE, 1));

        assertThat(blank.darkRecall(TestTensors.line(SIDE, 5))).isEmpty();
        assertThat(blank.edgeRecall(TestTensors.line(SIDE, 5))).isEmpty();
    }
}
