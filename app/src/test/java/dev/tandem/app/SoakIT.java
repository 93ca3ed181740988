package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import dev.tandem.testkit.guarantee.BoundedMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A producer that is far faster than the trainer. For as long as {@code -Dtandem.soak-seconds} says, or a minute;
 * docs/explanation/guarantees.md has what longer runs came to.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SoakIT extends WithBroker {
    private static final int SECONDS = Integer.getInteger("tandem.soak-seconds", 60);
    private static final int WARM_UP = 20;
    private static final int PORTION = 400;
    private static final long MOST_MEMORY = 2L << 30;

    private final HttpGet http = new HttpGet(BrokerProcess.freePort());

    @Test
    void run_producerMuchFasterThanTheTrainer_staysInItsMemoryAndItsGroup() {
        List<Long> memory = new ArrayList<>();
        List<Double> lag = new ArrayList<>();
        try (TandemProcess run = TandemProcess.start(
                runs.arguments(
                        "soak",
                        List.of(
                                "--set",
                                "http.port=" + http.port(),
                                "--set",
                                "model.image-size=64",
                                "--set",
                                "model.width=32",
                                "--set",
                                "checkpoint.every-steps=20",
                                "--set",
                                "train.batch-size=64",
                                "--set",
                                // Shorter than a step, so that a poll loop that stood still with it would be thrown
                                // out.
                                "kafka.max.poll.interval.ms=2000",
                                "--set",
                                "kafka.session.timeout.ms=6000")),
                "-Xms400m -Xmx400m -XX:+AlwaysPreTouch")) {
            await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200);
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            await().atMost(Duration.ofSeconds(SECONDS + 60))
                    .pollInterval(Duration.ofSeconds(1))
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        assertThat(run.isAlive()).as(run.err()).isTrue();
                        broker.produce(Runs.pairs("soak-pairs", PORTION));
                        broker.produce(List.of(new ProducerRecord<>("soak-sources", Runs.source())));
                        memory.add(run.residentBytes());
                        lag.add(http.metric("tandem_lag"));
                        return System.nanoTime() >= end;
                    });
            double trained = http.metric("tandem_training_pairs");
            System.out.println("soak: " + SECONDS + " s, " + memory.size() * PORTION + " pairs in, " + (long) trained
                    + " trained, lag " + lag.get(lag.size() - 1).longValue() + ", resident MiB at start, middle, end "
                    + (memory.get(WARM_UP) >> 20) + ", " + (memory.get(memory.size() / 2) >> 20) + ", "
                    + (memory.get(memory.size() - 1) >> 20) + ", off heap "
                    + (long) http.metric("tandem_model_off_heap_bytes") / (1 << 20) + " MiB, translations "
                    + (long) http.metric("tandem_translations_total") + ", rebalances "
                    + (long) http.metric("tandem_rebalances_total") + ", longest step "
                    + http.metric("tandem_training_step_seconds_max") + " s");
            new BoundedMemory(memory.subList(WARM_UP, memory.size()), 0.1, MOST_MEMORY).verify();
            assertThat(trained).isPositive();
            assertThat(lag.get(lag.size() - 1)).as("the lag is to be seen").isGreaterThan(lag.get(2));
            assertThat(http.metric("tandem_translations_total")).isGreaterThan(memory.size());
            assertThat(http.metric("tandem_rebalances_total")).isLessThanOrEqualTo(2);
            run.terminate();
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
    }
}
