package dev.tandem.serving.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import dev.tandem.pipeline.broker.BrokerState;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RunStatusTest {
    private long now;
    private final RunStatus runStatus = new RunStatus(() -> now);

    @Test
    void pairsPerSecond_steadySteps_isTheirRateAndZeroAfterTheLastOnes() {
        for (int step = 1; step <= 21; step++) {
            now = TimeUnit.SECONDS.toNanos(step);
            runStatus.onTrained(step(step));
        }

        assertThat(runStatus.pairsPerSecond()).isCloseTo(8, within(0.01));
        now += TimeUnit.MINUTES.toNanos(5);
        assertThat(runStatus.pairsPerSecond()).isZero();
        assertThat(runStatus.pairs()).isEqualTo(168);
    }

    @Test
    void lag_partitionsOfATopic_isTheirSum() {
        runStatus.onBrokerState(new BrokerState.Available(
                Map.of(new TopicPartition("pairs", 0), 3L, new TopicPartition("pairs", 1), 4L)));
        runStatus.onBrokerState(new BrokerState.Unavailable("no broker responds"));

        assertThat(runStatus.lag()).containsExactly(Map.entry("pairs", 7L));
    }

    @Test
    void deadLetters_moreThanCapacity_countsAllAndKeepsTheNewest() {
        for (int i = 0; i < 150; i++) {
            runStatus.onDeadLetter(new DeadLetter(Reason.EMPTY, "pairs-0-" + i, "the value is empty"));
        }

        assertThat(runStatus.deadLetters().count()).isEqualTo(150);
        assertThat(runStatus.deadLetters().newest()).hasSize(100);
        assertThat(runStatus.deadLetters().newest().get(0).deadLetter().origin())
                .isEqualTo("pairs-0-149");
    }

    static Trained step(long number) {
        StepReport report = new StepReport(new StepLosses(1, 1, 1, 1, 1, 1, 1), List.of(), Map.of(), 1e-3);
        return new Trained(number, 8 * number, 0, report, Health.UNKNOWN, Duration.ofMillis(10), Optional.empty());
    }
}
