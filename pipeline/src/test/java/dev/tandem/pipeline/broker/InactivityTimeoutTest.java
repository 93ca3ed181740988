package dev.tandem.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InactivityTimeoutTest {
    private static final Duration TIME = Duration.ofMillis(10);

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void limit_nothingArrives_failsWithTheGivenFailure() {
        InactivityTimeout timeout = new InactivityTimeout(TIME, () -> 7.0, () -> new IllegalStateException("silence"));

        assertThatThrownBy(timeout.limit(new CompletableFuture<>()).toCompletableFuture()::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("silence");
    }

    @Test
    void limit_bytesArriveForManyTimeouts_waitsForTheResult() {
        CompletableFuture<String> query = new CompletableFuture<>();
        InactivityTimeout timeout = new InactivityTimeout(
                TIME,
                () -> {
                    if (reads.incrementAndGet() == 20) {
                        query.complete("result");
                    }
                    return (double) reads.get();
                },
                () -> new IllegalStateException("silence"));

        assertThat(timeout.limit(query).toCompletableFuture().join()).isEqualTo("result");
        assertThat(reads).hasValueGreaterThanOrEqualTo(20);
    }

    @Test
    void limit_bytesStopArriving_fails() {
        InactivityTimeout timeout = new InactivityTimeout(
                TIME, () -> (double) Math.min(5, reads.incrementAndGet()), () -> new IllegalStateException("silence"));

        assertThatThrownBy(timeout.limit(new CompletableFuture<>()).toCompletableFuture()::join)
                .hasRootCauseMessage("silence");
        assertThat(reads).hasValue(6);
    }

    @Test
    void limit_queryFails_failsWithItsCause() {
        InactivityTimeout timeout = new InactivityTimeout(TIME, () -> 0.0, () -> new IllegalStateException("silence"));

        assertThatThrownBy(timeout.limit(CompletableFuture.failedFuture(new IllegalArgumentException("refused")))
                        .toCompletableFuture()::join)
                .hasRootCauseMessage("refused");
    }
}
