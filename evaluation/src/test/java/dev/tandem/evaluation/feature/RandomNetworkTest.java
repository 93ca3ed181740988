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
    void extract_sameImage_doesNotDependOnBatchOrInstance() {
        Tensor line = TestTensors.line(SIDE, 5);
        try (RandomNetwork network = new RandomNetwork(3);
                RandomNetwork again = new RandomNetwork(3)) {
            double[][] seventeen = network.extract(Tensor.stack(Collections.nCopies(17, line)));

            assertThat(seventeen).hasDimensions(17, 112);
            assertThat(seventeen[16]).containsExactly(seventeen[0], within(1e-6));
            assertThat(again.extract(line)[0]).containsExactly(network.extract(line)[0]);
        }
    }

    @Test
    void between_moreDifferentImages_isLarger() {
        try (RandomNetwork network = new RandomNetwork(3)) {
            Tensor line = TestTensors.line(SIDE, 5);
            double toItself = network.between(line, line)[0];
            double toPaler = network.between(line, TestTensors.grey(SIDE, pixel -> pixel % SIDE == 5 ? -0.9 : 1))[0];
            double toRed = network.between(line, TestTensors.filled(SIDE, 1, -1, -1))[0];

            assertThat(toItself).isZero();
            assertThat(toPaler).isPositive().isLessThan(toRed);
        }
    }

    @Test
    void between_palerCopy_isLargeAndFaintNoiseIsSmall() {
        try (RandomNetwork network = new RandomNetwork(3)) {
            double blackToWhite = network.between(TestTensors.grey(SIDE, -1), TestTensors.grey(SIDE, 1))[0];
            double paler = network.between(
                            TestTensors.line(SIDE, 5), TestTensors.grey(SIDE, pixel -> pixel % SIDE == 5 ? -0.3 : 0.3))[
                    0];
            double noise = network.between(
                            TestTensors.grey(SIDE, 0), TestTensors.grey(SIDE, pixel -> pixel % 2 == 0 ? 1e-3 : -1e-3))[
                    0];

            assertThat(paler).isGreaterThan(blackToWhite / 20);
            assertThat(noise).isLessThan(blackToWhite / 1000);
        }
    }

    @Test
    void between_batch_comparesPairByPair() {
        try (RandomNetwork network = new RandomNetwork(3)) {
            Tensor a = Tensor.stack(List.of(TestTensors.line(SIDE, 5), TestTensors.line(SIDE, 5)));
            Tensor b = Tensor.stack(List.of(TestTensors.line(SIDE, 5), TestTensors.line(SIDE, 9)));

            double[] distances = network.between(a, b);

            assertThat(distances[0]).isZero();
            assertThat(distances[1]).isPositive();
        }
    }
}
