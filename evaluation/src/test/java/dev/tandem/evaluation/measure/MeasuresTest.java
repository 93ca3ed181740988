package dev.tandem.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.feature.Features;
import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.metric.Pixels;
import dev.tandem.evaluation.report.Figure;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static final int SIDE = 16;
    private static final Tensor BLACK = TestTensors.filled(SIDE, -1, -1, -1);
    private static final Tensor RED = TestTensors.filled(SIDE, 1, -1, -1);
    private static final Tensor BLUE = TestTensors.filled(SIDE, -1, -1, 1);
    private static final TestInput INPUT =
            new TestInput(List.of("one"), TestTensors.line(SIDE, 5), List.of(RED, BLUE), false);

    @Test
    void faithful_oneTruthAmongTheSamples_isNearToThatOneOnly() {
        Faithfulness faithful = new Faithfulness(Optional.of((a, b) -> b));

        faithful.add(INPUT, samples(RED, RED));

        Map<String, Double> figures = figures(faithful);
        // Half of the picture is filled, and two of three channels differ by all there is.
        assertThat(figures.get("nearestL1")).isCloseTo((0 + 1.0 / 3) / 2, within(1e-9));
        assertThat(figures.get("reconstructionL1")).isZero();
        assertThat(figures.get("reconstructionSsim")).isCloseTo(1, within(1e-9));
        // Red and blue are dark, and they fill half of the column.
        assertThat(figures.get("outlineRecall")).isEqualTo(0.5);
        assertThat(figures.get("outlineRecallOfTruth")).isEqualTo(0.5);
    }

    @Test
    void faithful_withoutEncoder_leavesReconstructionOut() {
        Faithfulness faithful = new Faithfulness(Optional.empty());

        faithful.add(INPUT, samples(RED));

        assertThat(figures(faithful)).containsKey("nearestL1").doesNotContainKey("reconstructionL1");
    }

    /** Of twenty-one samples, one in two red and blue, nineteen pairs count, and all differ. */
    @Test
    void diverse_alternatingSamples_areTwiceAsDiverseAsDrawsFromTwoTruths() {
        Diversity diverse = new Diversity(new InPixels());

        diverse.add(INPUT, samples(alternating(21)));

        Map<String, Double> figures = figures(diverse);
        double redToBlue = Pixels.l1(RED, BLUE);
        assertThat(diverse.section().facts()).containsEntry("pairs", 19L);
        assertThat(figures.get("pixel")).isCloseTo(redToBlue, within(1e-9));
        assertThat(figures.get("perceptualWhereSeveral")).isCloseTo(redToBlue, within(1e-9));
        assertThat(figures.get("pixelOfTruths")).isCloseTo(redToBlue / 2, within(1e-9));
        assertThat(figures).doesNotContainKey("pixelOfOthers");
    }

    @Test
    void diverse_nextInput_isComparedWithTheOneBefore() {
        Diversity diverse = new Diversity(new InPixels());
        diverse.add(INPUT, samples(RED, RED));
        diverse.add(new TestInput(List.of("other"), BLACK, List.of(BLUE), false), samples(BLUE, BLUE));

        assertThat(figures(diverse).get("pixel")).isZero();
        assertThat(figures(diverse).get("pixelOfOthers")).isCloseTo(Pixels.l1(RED, BLUE), within(1e-9));
    }

    @Test
    void realistic_theTruthItself_hasNoDistance() {
        Realism realistic = new Realism(new FirstPixel());
        for (int i = 0; i < 24; i++) {
            realistic.add(INPUT, samples(RED, BLUE));
        }
        assertThat(figures(realistic)).as("48 are too few to say").isEmpty();
        assertThat(realistic.section().facts()).containsKey("note");

        realistic.add(INPUT, samples(RED, BLUE));

        Map<String, Double> figures = figures(realistic);
        assertThat(realistic.section().facts())
                .containsEntry("truePictures", 50)
                .containsEntry("samples", 50)
                .doesNotContainKey("note");
        assertThat(figures.get("kernelDistance")).isCloseTo(0, within(1e-9));
        double deviations = Math.sqrt(50 / 49.0) - Math.sqrt(500 / 499.0);
        assertThat(figures.get("frechetDistance"))
                .as("of 50 true pictures and ten times as many samples, whose variances divide by N - 1")
                .isCloseTo(2 * deviations * deviations, within(1e-6));
        assertThat(figures.get("precision")).isEqualTo(1);
        assertThat(figures.get("recall")).isEqualTo(1);
    }

    @Test
    void realistic_moreSamplesThanTruths_drawsThemInTurn() {
        Realism realistic = new Realism(new FirstPixel());
        for (int i = 0; i < 50; i++) {
            realistic.add(new TestInput(List.of("single"), BLACK, List.of(RED), false), samples(RED, BLUE));
        }

        assertThat(realistic.section().facts()).containsEntry("samples", 50).containsEntry("draws", 10);
        Map<String, Double> figures = figures(realistic);
        assertThat(figures.get("precision")).isEqualTo(0.5);
        assertThat(figures.get("recall")).as("of one draw after the other").isEqualTo(0.5);
        double variance = 500 / 499.0;
        assertThat(figures.get("frechetDistance"))
                .as("of all draws together: means 1 and -1 against 0 and 0, and variances")
                .isCloseTo(2 + 2 * variance, within(1e-6));
    }

    @Test
    void realistic_samplesThatRunOut_areDrawnFromTheFirstAgain() {
        Realism realistic = new Realism(new FirstPixel());
        for (int i = 0; i < 25; i++) {
            realistic.add(INPUT, samples(RED, BLUE, RED));
        }

        // Draws: red and blue, red and red, blue and red, and so on; red alone has only red true Bs among its
        // neighbours.
        assertThat(figures(realistic).get("recall")).isCloseTo((7 + 3 * 0.5) / 10, within(1e-9));
        assertThat(figures(realistic).get("precision")).isEqualTo(1);
    }

    @Test
    void realistic_moreTruthsThanSamples_comparesAsMany() {
        Realism realistic = new Realism(new FirstPixel());
        TestInput many = new TestInput(
                List.of("many"),
                BLACK,
                IntStream.range(0, 40)
                        .mapToObj(i -> TestTensors.grey(SIDE, i / 40.0))
                        .toList(),
                false);

        realistic.add(many, samples(RED, BLUE, BLACK, RED));
        realistic.add(INPUT, samples(RED, BLUE, BLACK, RED));

        assertThat(realistic.section().facts()).containsEntry("truePictures", 6).containsEntry("samples", 6);
    }

    @Test
    void covers_oneOfTwo_isHalfBesideWhatDrawsWouldGive() {
        Coverage covers = new Coverage();

        covers.add(INPUT, samples(RED, RED, TestTensors.filled(SIDE, 1, 1, 1), RED));
        covers.add(new TestInput(List.of("single"), BLACK, List.of(BLUE), false), samples(RED));

        Map<String, Double> figures = figures(covers);
        assertThat(covers.section().facts()).containsEntry("inputsOf2", 1L).containsEntry("inputs", 1L);
        assertThat(figures.get("coverage")).isEqualTo(0.5);
        assertThat(figures.get("nearNone")).isEqualTo(0.25);
        assertThat(figures.get("coverageOfTruth")).isCloseTo(1 - 1.0 / 16, within(1e-9));
        // Of four draws of two: |i/4 - 1/2| is 1/2, 1/4, 0, 1/4, 1/2 with 1, 4, 6, 4, 1 of 16.
        assertThat(figures.get("distanceOfTruth")).isCloseTo(3.0 / 16, within(1e-9));
        assertThat(figures.get("distance")).isCloseTo((0.25 + 0.5 + 0.25) / 2, within(1e-9));
    }

    @Test
    void covers_inputsOfTwoAndOfThree_areToldApart() {
        Coverage covers = new Coverage();

        covers.add(INPUT, samples(RED, BLUE));
        covers.add(new TestInput(List.of("three"), BLACK, List.of(RED, BLUE, BLACK), false), samples(RED, RED));

        Map<String, Double> figures = figures(covers);
        assertThat(figures.get("coverageOf2")).isEqualTo(1);
        assertThat(figures.get("coverageOf3")).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(figures.get("coverage")).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void invertible_encoderThatUsesOneDimension_isMeasuredByHand() {
        Invertibility invertible = new Invertibility(b -> {
            Tensor mu = Tensor.zeros(b.shape().batch(), 2);
            for (int i = 0; i < b.shape().batch(); i++) {
                mu.data()[2 * i] = b.rows(i, i + 1).data()[0];
            }
            return new Posterior<>(mu, Tensor.zeros(b.shape().batch(), 2));
        });

        invertible.add(INPUT, new Samples(Optional.of(Tensor.of(Shape.of(1, 2), 0.5f, -1)), RED));

        Map<String, Double> figures = figures(invertible);
        assertThat(figures.get("latentL1")).isCloseTo((0.5 + 1) / 2, within(1e-6));
        assertThat(figures.get("latentL1OfNothing")).isCloseTo((0.5 + 1) / 2, within(1e-6));
        assertThat(figures.get("activeDimensions")).isEqualTo(1);
        // Means 1 and -1, variance 1: KL is half of the square.
        assertThat(figures.get("kl1")).isCloseTo(0.5, within(1e-6));
        assertThat(figures.get("kl2")).isZero();
    }

    private static Tensor[] alternating(int count) {
        return IntStream.range(0, count).mapToObj(i -> i % 2 == 0 ? RED : BLUE).toArray(Tensor[]::new);
    }

    private static Samples samples(Tensor... pictures) {
        return new Samples(Optional.empty(), Tensor.stack(List.of(pictures)));
    }

    private static Map<String, Double> figures(Measure measure) {
        return measure.section().figures().stream().collect(Collectors.toMap(Figure::key, Figure::value));
    }

    private static final class InPixels implements PerceptualDistance {
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

    /** The first pixel's channels. */
    private static final class FirstPixel implements Features {
        @Override
        public String name() {
            return "first pixel";
        }

        @Override
        public double[][] of(Tensor images) {
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
