package dev.tandem.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.evaluation.metric.Modes.Hits;
import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModesTest {
    private static final int SIDE = 4;
    private static final Modes RED_OR_BLUE =
            new TruthModes(List.of(TestTensors.halfFilled(SIDE, 1, -1, -1), TestTensors.halfFilled(SIDE, -1, -1, 1)));

    @Test
    void match_nearATruth_isItsIndex() {
        assertThat(RED_OR_BLUE.match(TestTensors.halfFilled(SIDE, 0.8, -1, -1))).hasValue(0);
        assertThat(RED_OR_BLUE.match(TestTensors.halfFilled(SIDE, -0.8, -0.9, 0.9)))
                .hasValue(1);
    }

    @Test
    void match_farFromAllTruths_isEmpty() {
        assertThat(RED_OR_BLUE.match(TestTensors.halfFilled(SIDE, -1, 1, -1))).isEmpty();
    }

    @Test
    void match_pixelsWhereTheTruthsAreEqual_areIgnored() {
        assertThat(RED_OR_BLUE.match(TestTensors.filled(SIDE, 1, -1, -1))).hasValue(0);
    }

    @Test
    void match_hue_isItsSector() {
        Modes hues =
                new HueModes(List.of(TestTensors.halfFilled(SIDE, 1, -1, -1), TestTensors.halfFilled(SIDE, -1, -1, 1)));

        assertThat(hues.count()).isEqualTo(12);
        for (int sector = 0; sector < 12; sector++) {
            Color colour = Color.getHSBColor((sector + 0.5f) / 12, 0.85f, 0.95f);
            assertThat(hues.match(TestTensors.halfFilled(
                            SIDE,
                            colour.getRed() / 127.5 - 1,
                            colour.getGreen() / 127.5 - 1,
                            colour.getBlue() / 127.5 - 1)))
                    .hasValue(sector);
        }
        assertThat(hues.match(TestTensors.grey(SIDE, 0.2))).isEmpty();
    }

    @Test
    void hits_severalTranslations_countsMatches() {
        Hits hits = RED_OR_BLUE.hits(List.of(
                TestTensors.halfFilled(SIDE, 1, -1, -1),
                TestTensors.halfFilled(SIDE, 0.9, -1, -1),
                TestTensors.halfFilled(SIDE, -1, 1, -1)));

        assertThat(hits).isEqualTo(new Hits(List.of(2, 0), 1));
        assertThat(hits.coverage()).isEqualTo(0.5);
    }

    /** (|2/4 - 1/2| + |1/4 - 1/2| + 1/4) / 2. */
    @Test
    void distance_histogram_isTotalVariation() {
        assertThat(new Hits(List.of(2, 1), 1).distance()).isCloseTo(0.25, within(1e-12));
        assertThat(new Hits(List.of(2, 2), 0).distance()).isZero();
        assertThat(new Hits(List.of(0, 0), 3).distance()).isEqualTo(1);
    }
}
