package dev.tandem.serving.dashboard;

import dev.tandem.pipeline.deadletter.DeadLetter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Counts the dead letters of a run and keeps the newest ones. Thread-safe. */
public final class RecentDeadLetters {
    private final int capacity;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long count;

    /**
     * @param number number of the dead letter in this run, from 1
     * @param at time at which it was reported
     */
    public record Entry(long number, Instant at, DeadLetter deadLetter) {}

    /** @param capacity maximum number of dead letters that are kept */
    public RecentDeadLetters(int capacity) {
        this.capacity = capacity;
    }

    public synchronized void add(DeadLetter deadLetter) {
        count++;
        entries.addFirst(new Entry(count, Instant.now(), deadLetter));
        if (entries.size() > capacity) {
            entries.removeLast();
        }
    }

    /** The newest dead letters, newest first. */
    public synchronized List<Entry> newest() {
        return List.copyOf(entries);
    }

    /** All dead letters since the start of the process. */
    public synchronized long count() {
        return count;
    }
}
