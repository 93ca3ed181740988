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
    private final Modes red0blue1 =
            new TruthModes(List.of(TestTensors.filled(SIDE, 1, -1, -1), TestTensors.filled(SIDE, -1, -1, 1)));

    @Test
    void truths_nearOne_areThatOne() {
        assertThat(red0blue1.of(TestTensors.filled(SIDE, 0.8, -1, -1))).hasValue(0);
        assertThat(red0blue1.of(TestTensors.filled(SIDE, -0.8, -0.9, 0.9))).hasValue(1);
    }

    @Test
    void truths_farFromAll_areNone() {
        assertThat(red0blue1.of(TestTensors.filled(SIDE, -1, 1, -1))).isEmpty();
    }

    @Test
    void truths_onlyWhereTheyDiffer_count() {
        assertThat(red0blue1.of(TestTensors.of(SIDE, 1, -1, -1))).hasValue(0);
    }

    @Test
    void hues_ofEverySector_areThatSector() {
        Modes hues = new HueModes(List.of(TestTensors.filled(SIDE, 1, -1, -1), TestTensors.filled(SIDE, -1, -1, 1)));

        assertThat(hues.count()).isEqualTo(12);
        for (int sector = 0; sector < 12; sector++) {
            Color colour = Color.getHSBColor((sector + 0.5f) / 12, 0.85f, 0.95f);
            assertThat(hues.of(TestTensors.filled(
                            SIDE,
                            colour.getRed() / 127.5 - 1,
                            colour.getGreen() / 127.5 - 1,
                            colour.getBlue() / 127.5 - 1)))
                    .hasValue(sector);
        }
        assertThat(hues.of(TestTensors.grey(SIDE, 0.2))).isEmpty();
    }

    @Test
    void hits_severalTranslations_areCounted() {
        Hits hits = red0blue1.hits(List.of(
                TestTensors.filled(SIDE, 1, -1, -1),
                TestTensors.filled(SIDE, 0.9, -1, -1),
                TestTensors.filled(SIDE, -1, 1, -1)));

        assertThat(hits).isEqualTo(new Hits(List.of(2, 0), 1));
        assertThat(hits.coverage()).isEqualTo(0.5);
    }

    /** |2/4 - 1/2| + |1/4 - 1/2| + 1/4, halved. */
    @Test
    void distance_unevenWithOneNearNone_isTotalVariation() {
        assertThat(new Hits(List.of(2, 1), 1).distance()).isCloseTo(0.25, within(1e-12));
        assertThat(new Hits(List.of(2, 2), 0).distance()).isZero();
        assertThat(new Hits(List.of(0, 0), 3).distance()).isEqualTo(1);
    }
}
