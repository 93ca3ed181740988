package dev.tandem.serving.dashboard;

import dev.tandem.pipeline.deadletter.DeadLetter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest dead letters of a run. */
public final class RecentDeadLetters {
    private final int most;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long count;

    /** @param number the how manyth of the run it is */
    public record Entry(long number, Instant at, DeadLetter letter) {}

    public RecentDeadLetters(int most) {
        this.most = most;
    }

    public synchronized void add(DeadLetter letter) {
        count++;
        entries.addFirst(new Entry(count, Instant.now(), letter));
        if (entries.size() > most) {
            entries.removeLast();
        }
    }

    /** Newest first. */
    public synchronized List<Entry> newest() {
        return List.copyOf(entries);
    }

    /** How many there have been. */
    public synchronized long count() {
        return count;
    }
}
