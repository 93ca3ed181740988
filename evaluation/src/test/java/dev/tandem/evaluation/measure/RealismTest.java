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
import dev.tandem.evaluation.feature.Features;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RealismTest {
    private final Realism realism = new Realism(new FirstPixel());

    @Test
    void section_fewerThanFiftyTruths_hasANoteInsteadOfFigures() {
        for (int i = 0; i < 24; i++) {
            realism.add(RED_OR_BLUE, samples(RED, BLUE));
        }

        assertThat(figures(realism)).isEmpty();
        assertThat(realism.section().facts()).containsKey("note");
    }

    @Test
    void section_samplesThatAreTheTruth_hasNoDistance() {
        for (int i = 0; i < 25; i++) {
            realism.add(RED_OR_BLUE, samples(RED, BLUE));
        }

        Map<String, Double> figures = figures(realism);
        assertThat(realism.section().facts())
                .containsEntry("truePictures", 50)
                .containsEntry("samples", 50)
                .doesNotContainKey("note");
        assertThat(figures.get("kernelDistance")).isCloseTo(0, within(1e-9));
        double deviations = Math.sqrt(50 / 49.0) - Math.sqrt(500 / 499.0);
        assertThat(figures.get("frechetDistance"))
                .as("of 50 true Bs and ten times as many samples, whose variances divide by N - 1")
                .isCloseTo(2 * deviations * deviations, within(1e-6));
        assertThat(figures.get("precision")).isEqualTo(1);
        assertThat(figures.get("recall")).isEqualTo(1);
    }

    @Test
    void section_moreSamplesThanTruths_usesThemInTurn() {
        for (int i = 0; i < 50; i++) {
            realism.add(input("single", RED), samples(RED, BLUE));
        }

        assertThat(realism.section().facts()).containsEntry("samples", 50).containsEntry("draws", 10);
        Map<String, Double> figures = figures(realism);
        assertThat(figures.get("precision")).isEqualTo(0.5);
        assertThat(figures.get("recall")).as("every second draw is all red").isEqualTo(0.5);
        double variance = 500 / 499.0;
        assertThat(figures.get("frechetDistance"))
                .as("of all draws together: means 1 and -1 against 0 and 0, and variances")
                .isCloseTo(2 + 2 * variance, within(1e-6));
    }

    @Test
    void section_fewerSamplesThanDrawsNeed_startsAgainAtTheFirst() {
        for (int i = 0; i < 25; i++) {
            realism.add(RED_OR_BLUE, samples(RED, BLUE, RED));
        }

        // The draws are red and blue, red and red, blue and red, and so on. Only red true Bs lie among an all-red draw.
        assertThat(figures(realism).get("recall")).isCloseTo((7 + 3 * 0.5) / 10, within(1e-9));
        assertThat(figures(realism).get("precision")).isEqualTo(1);
    }

    @Test
    void section_moreTruthsThanSamples_usesEqualNumbers() {
        Tensor[] forty = IntStream.range(0, 40)
                .mapToObj(i -> TestTensors.grey(SIDE, i / 40.0))
                .toArray(Tensor[]::new);

        realism.add(input("many", forty), samples(RED, BLUE, BLACK, RED));
        realism.add(RED_OR_BLUE, samples(RED, BLUE, BLACK, RED));

        assertThat(realism.section().facts()).containsEntry("truePictures", 6).containsEntry("samples", 6);
    }

    /** The feature vector is the colour of the first pixel. */
    private static final class FirstPixel implements Features {
        @Override
        public String name() {
            return "first pixel";
        }

        @Override
        public double[][] extract(Tensor images) {
            return IntStream.range(0, images.shape().batch())
                    .mapToObj(i -> firstPixel(images.rows(i, i + 1).data()))
                    .toArray(double[][]::new);
        }

        private static double[] firstPixel(float[] data) {
            return IntStream.range(0, 3).mapToDouble(c -> data[c * SIDE * SIDE]).toArray();
        }

        @Override
        public void close() {}
    }
}
