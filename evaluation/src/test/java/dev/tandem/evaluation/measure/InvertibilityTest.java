package dev.tandem.evaluation.measure;

import static dev.tandem.evaluation.measure.MeasureFixture.RED;
import static dev.tandem.evaluation.measure.MeasureFixture.RED_OR_BLUE;
import static dev.tandem.evaluation.measure.MeasureFixture.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InvertibilityTest {

    @Test
    void section_encoderThatUsesOneDimension_equalsValuesByHand() {
        Invertibility invertibility = new Invertibility(InvertibilityTest::encodeFirstPixel);

        invertibility.add(RED_OR_BLUE, new Samples(Optional.of(Tensor.of(Shape.of(1, 2), 0.5f, -1)), RED));

        Map<String, Double> figures = figures(invertibility);
        assertThat(figures.get("latentL1")).isCloseTo((0.5 + 1) / 2, within(1e-6));
        assertThat(figures.get("latentL1OfNothing")).isCloseTo((0.5 + 1) / 2, within(1e-6));
        assertThat(figures.get("activeDimensions")).isEqualTo(1);
        // Means 1 and -1, variance 1: KL is half of the squared mean.
        assertThat(figures.get("kl1")).isCloseTo(0.5, within(1e-6));
        assertThat(figures.get("kl2")).isZero();
    }

    /** The mean is the first pixel's red in dimension 1 and 0 in dimension 2; the variance is 1. */
    private static Posterior<Tensor> encodeFirstPixel(Tensor b) {
        int count = b.shape().batch();
        Tensor mu = Tensor.zeros(count, 2);
        for (int i = 0; i < count; i++) {
            mu.data()[2 * i] = b.rows(i, i + 1).data()[0];
        }
        return new Posterior<>(mu, Tensor.zeros(count, 2));
    }
}
