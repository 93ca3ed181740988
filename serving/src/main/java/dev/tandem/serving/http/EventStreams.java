package dev.tandem.serving.http;

import java.util.concurrent.Semaphore;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Limits the number of event streams that are open at the same time. Thread-safe. */
final class EventStreams {
    private final int max;
    private final Semaphore free;

    EventStreams(int max) {
        this.max = max;
        this.free = new Semaphore(max);
    }

    int max() {
        return max;
    }

    int open() {
        return max - free.availablePermits();
    }

    boolean isFull() {
        return free.availablePermits() == 0;
    }

    /**
     * Counts a stream while it runs. A stream beyond the limit is empty.
     *
     * <p>A stream counts from its first demand, not from the request: if the client has gone, its stream never starts.
     */
    <T> Source<T, NotUsed> limited(Source<T, NotUsed> events) {
        return Source.lazySource(() -> free.tryAcquire() ? counted(events) : Source.<T>empty())
                .mapMaterializedValue(started -> NotUsed.getInstance());
    }

    private <T> Source<T, NotUsed> counted(Source<T, NotUsed> events) {
        return events.watchTermination((none, end) -> {
            end.whenComplete((done, failure) -> free.release());
            return none;
        });
    }
}
