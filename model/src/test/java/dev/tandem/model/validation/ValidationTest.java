package dev.tandem.model.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Translator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ValidationTest {
    private static final Tensor BLACK = image(-1, -1);
    private static final Tensor GREY = image(0, 0);
    private static final Tensor WHITE = image(1, 1);

    /** Adds z to A. */
    private static final Translator ADDING = new Translator() {
        @Override
        public Tensor translate(Tensor a, Tensor z) {
            float[] sums = new float[a.data().length];
            int size = sums.length / a.shape().batch();
            for (int i = 0; i < sums.length; i++) {
                sums[i] = a.data()[i] + z.data()[i / size];
            }
            return new Tensor(a.shape(), sums);
        }

        @Override
        public Posterior<Tensor> encode(Tensor b) {
            throw new AssertionError("validation does not encode");
        }
    };

    @Test
    void score_severalTranslations_isThatOfTheNearestOne() {
        HeldOutPairs pairs = pairs(List.of(BLACK, GREY), GREY, WHITE);

        Score score =
                new Validation(pairs, latents(0, 0.5f, 0.75f)).score(ADDING, 7).orElseThrow();

        assertThat(score.step()).isEqualTo(7);
        // The nearest translations are -0.25 for 0 and 0.75 for 1; a difference of 2 is an L1 of 1.
        assertThat(score.nearestL1()).isCloseTo(0.125, within(1e-6));
        assertThat(score.diversity()).isCloseTo((0.5 + 0.75 + 0.25) / 3, within(1e-6));
    }

    @Test
    void score_oneTranslation_hasNoDiversity() {
        Score score = new Validation(pairs(List.of(GREY), image(0, 1)), latents(0))
                .score(ADDING, 1)
                .orElseThrow();

        assertThat(score.nearestL1()).isCloseTo(0.25, within(1e-6));
        assertThat(score.diversity()).isZero();
    }

    @Test
    void score_severalTrueOutputs_isTheMeanOverThem() {
        HeldOutPairs pairs = new HeldOutPairs(List.of(GREY), List.of(List.of(GREY, WHITE)));

        assertThat(new Validation(pairs, latents(0, 0.5f))
                        .score(ADDING, 1)
                        .orElseThrow()
                        .nearestL1())
                .isCloseTo((0 + 0.25) / 2, within(1e-6));
    }

    @Test
    void score_translationThatIsNotFinite_isEmpty() {
        HeldOutPairs pairs = pairs(List.of(GREY), WHITE);

        assertThat(new Validation(pairs, latents(0, Float.NaN)).score(ADDING, 1))
                .isEmpty();
    }

    @Test
    void digest_otherPairsOrAnotherOrder_differs() {
        assertThat(Stream.of(
                                pairs(List.of(BLACK, GREY), GREY, WHITE),
                                pairs(List.of(GREY, BLACK), GREY, WHITE),
                                pairs(List.of(BLACK, GREY), GREY, BLACK),
                                pairs(List.of(BLACK), WHITE))
                        .map(HeldOutPairs::digest))
                .doesNotHaveDuplicates();
        assertThat(pairs(List.of(BLACK), WHITE).digest())
                .isEqualTo(pairs(List.of(image(-1, -1)), image(1, 1)).digest());
    }

    @Test
    void best_scoresOfOtherPairs_areIgnored() {
        Score newest = new Score(4, 0.3, 0, "4xb");
        Score best = new Score(3, 0.2, 0, "4xb");

        assertThat(Score.best(Stream.of(newest, best, new Score(2, 0.2, 0, "4xb"), new Score(1, 0.1, 0, "4xa"))))
                .hasValue(best);
        assertThat(Score.best(Stream.empty())).isEmpty();
    }

    private static HeldOutPairs pairs(List<Tensor> inputs, Tensor... outputs) {
        return new HeldOutPairs(inputs, Stream.of(outputs).map(List::of).toList());
    }

    private static Tensor image(float left, float right) {
        return new Tensor(Shape.of(1, 1, 1, 2), new float[] {left, right});
    }

    private static Tensor latents(float... values) {
        return new Tensor(Shape.of(values.length, 1), values);
    }
}
