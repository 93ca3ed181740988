package dev.tandem.evaluation.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.model.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomNetworkTest {
    private static final int SIDE = 32;

    @Test
    void features_samePicture_areTheSameInEveryBatchAndProcess() {
        Tensor line = TestTensors.line(SIDE, 5);
        try (RandomNetwork network = new RandomNetwork(3);
                RandomNetwork again = new RandomNetwork(3)) {
            double[][] seventeen = network.of(Tensor.stack(Collections.nCopies(17, line)));

            assertThat(seventeen).hasDimensions(17, 112);
            assertThat(seventeen[16]).containsExactly(seventeen[0], within(1e-6));
            assertThat(again.of(line)[0]).containsExactly(network.of(line)[0]);
        }
    }

    @Test
    void distance_moreDifferent_isLarger() {
        try (RandomNetwork network = new RandomNetwork(3)) {
            Tensor line = TestTensors.line(SIDE, 5);
            double toItself = network.between(line, line)[0];
            double toPaler = network.between(line, TestTensors.grey(SIDE, place -> place % SIDE == 5 ? -0.9 : 1))[0];
            double toRed = network.between(line, TestTensors.of(SIDE, 1, -1, -1))[0];

            assertThat(toItself).isZero();
            assertThat(toPaler).isPositive().isLessThan(toRed);
        }
    }

    @Test
    void distance_paler_isSeenAndHardlyAnyNoise_isNot() {
        try (RandomNetwork network = new RandomNetwork(3)) {
            double blackToWhite = network.between(TestTensors.grey(SIDE, -1), TestTensors.grey(SIDE, 1))[0];
            double paler = network.between(
                            TestTensors.line(SIDE, 5), TestTensors.grey(SIDE, place -> place % SIDE == 5 ? -0.3 : 0.3))[
                    0];
            double noise = network.between(
                            TestTensors.grey(SIDE, 0), TestTensors.grey(SIDE, place -> place % 2 == 0 ? 1e-3 : -1e-3))[
                    0];

            assertThat(paler).isGreaterThan(blackToWhite / 20);
            assertThat(noise).isLessThan(blackToWhite / 1000);
        }
    }

    @Test
    void distance_aBatch_isEachPairsOwn() {
        try (RandomNetwork network = new RandomNetwork(3)) {
            Tensor a = Tensor.stack(List.of(TestTensors.line(SIDE, 5), TestTensors.line(SIDE, 5)));
            Tensor b = Tensor.stack(List.of(TestTensors.line(SIDE, 5), TestTensors.line(SIDE, 9)));

            double[] distances = network.between(a, b);

            assertThat(distances[0]).isZero();
            assertThat(distances[1]).isPositive();
        }
    }
}
