package dev.tandem.evaluation.measure;

import static dev.tandem.evaluation.measure.MeasureFixture.BLACK;
import static dev.tandem.evaluation.measure.MeasureFixture.BLUE;
import static dev.tandem.evaluation.measure.MeasureFixture.RED;
import static dev.tandem.evaluation.measure.MeasureFixture.RED_OR_BLUE;
import static dev.tandem.evaluation.measure.MeasureFixture.SIDE;
import static dev.tandem.evaluation.measure.MeasureFixture.figures;
import static dev.tandem.evaluation.measure.MeasureFixture.input;
import static dev.tandem.evaluation.measure.MeasureFixture.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.TestTensors;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoverageTest {
    private final Coverage coverage = new Coverage();

    @Test
    void section_samplesOfOneOfTwoOutputs_hasHalfCoverageAndExpectedValues() {
        coverage.add(RED_OR_BLUE, samples(RED, RED, TestTensors.halfFilled(SIDE, 1, 1, 1), RED));
        coverage.add(input("single", BLUE), samples(RED));

        Map<String, Double> figures = figures(coverage);
        assertThat(coverage.section().facts()).containsEntry("inputsOf2", 1L).containsEntry("inputs", 1L);
        assertThat(figures.get("coverage")).isEqualTo(0.5);
        assertThat(figures.get("nearNone")).isEqualTo(0.25);
        assertThat(figures.get("coverageOfTruth")).isCloseTo(1 - 1.0 / 16, within(1e-9));
        // Four draws from two outputs: |i/4 - 1/2| is 1/2, 1/4, 0, 1/4, 1/2 with probability 1, 4, 6, 4, 1 of 16.
        assertThat(figures.get("distanceOfTruth")).isCloseTo(3.0 / 16, within(1e-9));
        assertThat(figures.get("distance")).isCloseTo((0.25 + 0.5 + 0.25) / 2, within(1e-9));
    }

    @Test
    void section_inputsWithTwoAndThreeOutputs_hasFiguresForBoth() {
        coverage.add(RED_OR_BLUE, samples(RED, BLUE));
        coverage.add(input("three", RED, BLUE, BLACK), samples(RED, RED));

        Map<String, Double> figures = figures(coverage);
        assertThat(figures.get("coverageOf2")).isEqualTo(1);
        assertThat(figures.get("coverageOf3")).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(figures.get("coverage")).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void section_noInputWithSeveralOutputs_saysWhyNothingIsMeasured() {
        coverage.add(input("single", BLUE), samples(RED));

        assertThat(coverage.section().figures()).isEmpty();
        assertThat(coverage.section().facts()).containsEntry("note", "no input has several correct outputs");
    }
}
