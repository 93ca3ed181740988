package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.guarantee.BoundedMemory;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.TestRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * A producer that is much faster than the trainer. The test takes a minute, or as long as {@code -Dtandem.soak-seconds}
 * says; docs/explanation/guarantees.md has the results of longer runs.
 */
class SoakIT extends BrokerTest {
    private static final int SECONDS = Integer.getInteger("tandem.soak-seconds", 60);
    /** Readings, at most one per second. */
    private static final int WARM_UP = 20;
    /** A slow machine takes fewer readings per minute; the test then runs longer. */
    private static final int MIN_READINGS = WARM_UP + 20;

    private static final int PAIRS_PER_SECOND = 400;
    private static final long MAX_MEMORY = 2L << 30;

    private final HttpTestClient http = HttpTestClient.onFreePort();
    private final List<Long> memory = new ArrayList<>();
    private final List<Double> lag = new ArrayList<>();

    @Test
    void run_producerMuchFasterThanTrainer_keepsItsMemoryAndItsGroup() {
        try (TandemProcess run = start()) {
            http.awaitReady(run);
            produceAndMeasure(run);
            report();
            new BoundedMemory(memory.subList(WARM_UP, memory.size()), 0.1, MAX_MEMORY).verify();
            assertThat(http.metric("tandem_training_pairs")).isPositive();
            assertThat(last(lag)).as("the lag shows the unread pairs").isGreaterThan(lag.get(2));
            await().atMost(TIMEOUT).until(() -> http.metric("tandem_translations_total") > memory.size());
            assertThat(http.metric("tandem_rebalances_total")).isLessThanOrEqualTo(2);
            run.terminate();
            run.assertSuccess();
        }
    }

    private TandemProcess start() {
        return runs.runWithHttp("soak", http.port())
                .withJavaOptions("-Xms400m -Xmx400m -XX:+AlwaysPreTouch")
                .set("model.image-size=64", "model.width=32", "checkpoint.every-steps=20", "train.batch-size=32")
                .start();
    }

    private void produceAndMeasure(TandemProcess run) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        // The time limit of the method ends a hang.
        await().forever()
                .pollInterval(Duration.ofSeconds(1))
                .pollDelay(Duration.ZERO)
                .until(() -> {
                    assertThat(run.isAlive()).as(run.err()).isTrue();
                    kafka.produce(TestRecords.pairs("soak-pairs", PAIRS_PER_SECOND));
                    kafka.produce(List.of(new ProducerRecord<>("soak-sources", TestRecords.source())));
                    memory.add(run.residentBytes());
                    lag.add(http.metric("tandem_lag"));
                    return System.nanoTime() >= end && memory.size() >= MIN_READINGS;
                });
    }

    private void report() {
        System.out.println("soak: " + SECONDS + " s, " + memory.size() * PAIRS_PER_SECOND + " pairs in, "
                + (long) http.metric("tandem_training_pairs") + " trained, lag "
                + last(lag).longValue() + ", resident MiB after warm-up, in the middle, at the end "
                + (memory.get(WARM_UP) >> 20) + ", " + (memory.get(memory.size() / 2) >> 20) + ", "
                + (last(memory) >> 20) + ", off heap "
                + (long) http.metric("tandem_model_off_heap_bytes") / (1 << 20) + " MiB, translations "
                + (long) http.metric("tandem_translations_total") + ", rebalances "
                + (long) http.metric("tandem_rebalances_total") + ", longest step "
                + http.metric("tandem_training_step_seconds_max") + " s");
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
