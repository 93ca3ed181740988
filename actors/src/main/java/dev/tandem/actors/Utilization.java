package dev.tandem.actors;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** How much of its time somebody works. One works; any may ask. */
public final class Utilization {
    private static final long WINDOW = Duration.ofSeconds(30).toNanos();

    private final LongSupplier clock;
    private long worked;
    private long at;
    private boolean working;
    private Reading older;
    private Reading newer;

    /**
     * What the clock showed, and what had been worked by then; both in nanoseconds.
     *
     * @param time since some moment
     * @param worked since that moment
     */
    public record Reading(long time, long worked) {
        /** The share of the time since an earlier reading in which nothing was worked, 0 to 1. */
        public double idleSince(Reading before) {
            return time == before.time ? 0 : 1 - (double) (worked - before.worked) / (time - before.time);
        }
    }

    public Utilization() {
        this(System::nanoTime);
    }

    Utilization(LongSupplier clock) {
        this.clock = clock;
        this.at = clock.getAsLong();
        this.older = new Reading(at, 0);
        this.newer = older;
    }

    /** Counts a piece of work. */
    public <T> T during(Supplier<T> work) {
        turn(true);
        try {
            return work.get();
        } finally {
            turn(false);
        }
    }

    public synchronized Reading read() {
        long now = clock.getAsLong();
        if (working) {
            worked += now - at;
        }
        at = now;
        Reading reading = new Reading(now, worked);
        if (now - newer.time() > WINDOW) {
            older = newer;
            newer = reading;
        }
        return reading;
    }

    /** The share of about the last minute in which nothing was worked, 0 to 1. */
    public synchronized double idle() {
        return read().idleSince(older);
    }

    private synchronized void turn(boolean on) {
        read();
        working = on;
    }
}
