package dev.tandem.evaluation.measure;

import static dev.tandem.evaluation.measure.MeasureFixture.RED;
import static dev.tandem.evaluation.measure.MeasureFixture.RED_OR_BLUE;
import static dev.tandem.evaluation.measure.MeasureFixture.figures;
import static dev.tandem.evaluation.measure.MeasureFixture.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaithfulnessTest {

    @Test
    void add_samplesOfOneTruth_areNearToThatTruthOnly() {
        Faithfulness faithfulness = new Faithfulness(Optional.of((a, b) -> b));

        faithfulness.add(RED_OR_BLUE, samples(RED, RED));

        Map<String, Double> figures = figures(faithfulness);
        // Half of the image is filled. Two of three channels differ by the full range.
        assertThat(figures.get("nearestL1")).isCloseTo((0 + 1.0 / 3) / 2, within(1e-9));
        assertThat(figures.get("reconstructionL1")).isZero();
        assertThat(figures.get("reconstructionSsim")).isCloseTo(1, within(1e-9));
        // Red and blue are dark, and they fill half of the line.
        assertThat(figures.get("outlineRecall")).isEqualTo(0.5);
        assertThat(figures.get("outlineRecallOfTruth")).isEqualTo(0.5);
    }

    @Test
    void add_withoutEncoder_leavesReconstructionOut() {
        Faithfulness faithfulness = new Faithfulness(Optional.empty());

        faithfulness.add(RED_OR_BLUE, samples(RED));

        assertThat(figures(faithfulness)).containsKey("nearestL1").doesNotContainKey("reconstructionL1");
    }
}
