package dev.tandem.evaluation.measure;

import static dev.tandem.evaluation.measure.MeasureFixture.BLUE;
import static dev.tandem.evaluation.measure.MeasureFixture.RED;
import static dev.tandem.evaluation.measure.MeasureFixture.RED_OR_BLUE;
import static dev.tandem.evaluation.measure.MeasureFixture.figures;
import static dev.tandem.evaluation.measure.MeasureFixture.input;
import static dev.tandem.evaluation.measure.MeasureFixture.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.metric.Pixels;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiversityTest {
    private static final double RED_TO_BLUE = Pixels.l1(RED, BLUE);

    private final Diversity diversity = new Diversity(new PixelDistance());

    /** Of 21 samples, the first 20 give 19 pairs, which all differ. */
    @Test
    void add_alternatingSamples_areTwiceAsDiverseAsDrawsFromTwoTruths() {
        diversity.add(RED_OR_BLUE, samples(alternating(21)));

        Map<String, Double> figures = figures(diversity);
        assertThat(diversity.section().facts()).containsEntry("pairs", 19L);
        assertThat(figures.get("pixel")).isCloseTo(RED_TO_BLUE, within(1e-9));
        assertThat(figures.get("perceptualWhereSeveral")).isCloseTo(RED_TO_BLUE, within(1e-9));
        assertThat(figures.get("pixelOfTruths")).isCloseTo(RED_TO_BLUE / 2, within(1e-9));
        assertThat(figures).doesNotContainKey("pixelOfOthers");
    }

    @Test
    void add_secondInput_isComparedWithThePreviousInput() {
        diversity.add(RED_OR_BLUE, samples(RED, RED));
        diversity.add(input("other", BLUE), samples(BLUE, BLUE));

        assertThat(figures(diversity).get("pixel")).isZero();
        assertThat(figures(diversity).get("pixelOfOthers")).isCloseTo(RED_TO_BLUE, within(1e-9));
    }

    private static Tensor[] alternating(int count) {
        return IntStream.range(0, count).mapToObj(i -> i % 2 == 0 ? RED : BLUE).toArray(Tensor[]::new);
    }

    private static final class PixelDistance implements PerceptualDistance {
        @Override
        public String name() {
            return "pixels";
        }

        @Override
        public double[] between(Tensor a, Tensor b) {
            return new double[] {Pixels.l1(a, b)};
        }

        @Override
        public void close() {}
    }
}
