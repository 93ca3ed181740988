package dev.tandem.pipeline.broker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Fails a query when no byte has arrived for the whole time-out, between one and two time-outs after the last one. A
 * query that takes many round trips of a slow network does not fail.
 *
 * @param receivedBytes number of bytes that have arrived until now
 * @param failure creates the exception of a failed query
 */
record InactivityTimeout(Duration time, Supplier<Double> receivedBytes, Supplier<RuntimeException> failure) {

    /** Returns the result of the query, or the failure of this time-out. */
    <T> CompletionStage<T> limit(CompletionStage<T> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        query.whenComplete((value, cause) -> {
            if (cause == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(cause);
            }
        });
        checkLater(result, receivedBytes.get());
        return result;
    }

    private void checkLater(CompletableFuture<?> result, double before) {
        Executor later = CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(() -> {
            double now = receivedBytes.get();
            if (now == before) {
                result.completeExceptionally(failure.get());
            } else if (!result.isDone()) {
                checkLater(result, now);
            }
        });
    }
}
