package dev.tandem.clients.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PreparationCostTest {
    @Test
    void verdict_moreCoresNeededThanThereAre_saysSo() {
        PreparationCost cost = new PreparationCost(8, 3.2, 5, 4, 4);

        assertThat(cost.coresNeeded()).isEqualTo(5.12);
        assertThat(cost.verdict(0.2))
                .isEqualTo(
                        "not enough cores: 3.20 ms x 8 pairs = 25.6 ms of decoding per step, but 4 cores have 20.0 ms"
                                + " in a step of 5 ms");
    }

    @Test
    void verdict_fewerThreadsThanNeeded_namesTheSetting() {
        assertThat(new PreparationCost(8, 3.2, 5, 16, 2).verdict(0.6))
                .startsWith("not enough decoding threads")
                .endsWith("raise images.decode-parallelism (2)");
    }

    @Test
    void verdict_enoughCores_dependsOnTheIdleShare() {
        PreparationCost cost = new PreparationCost(8, 3.2, 5, 16, 16);

        assertThat(cost.verdict(0.012)).isEqualTo("fast enough: the model is idle for 1.2% of the time");
        assertThat(cost.verdict(0.05))
                .startsWith("the model is idle for 5.0% of the time, although decoding needs only");
    }
}
