package dev.tandem.actors;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Measures the busy time of one thread. That thread calls {@link #measure}; any thread can read the result. */
public final class Utilization {
    private static final long WINDOW = Duration.ofSeconds(30).toNanos();

    private final LongSupplier clock;
    private boolean busy;
    private long busyTime;
    private long lastUpdate;
    private Reading previousWindow;
    private Reading currentWindow;

    /**
     * The state of the measurement at one time, in nanoseconds.
     *
     * @param time time of the clock
     * @param busyTime total busy time until then
     */
    public record Reading(long time, long busyTime) {
        /** Returns the idle share of the time since an earlier reading, 0 to 1. */
        public double idleSince(Reading earlier) {
            return time == earlier.time ? 0 : 1 - (double) (busyTime - earlier.busyTime) / (time - earlier.time);
        }
    }

    public Utilization() {
        this(System::nanoTime);
    }

    /** @param clock returns the time in nanoseconds */
    Utilization(LongSupplier clock) {
        this.clock = clock;
        this.lastUpdate = clock.getAsLong();
        this.previousWindow = new Reading(lastUpdate, 0);
        this.currentWindow = previousWindow;
    }

    /** Runs {@code work} and counts its time as busy. */
    public <T> T measure(Supplier<T> work) {
        setBusy(true);
        try {
            return work.get();
        } finally {
            setBusy(false);
        }
    }

    /** Returns the current reading, running work included. */
    public synchronized Reading read() {
        long now = clock.getAsLong();
        if (busy) {
            busyTime += now - lastUpdate;
        }
        lastUpdate = now;
        Reading reading = new Reading(now, busyTime);
        if (now - currentWindow.time() > WINDOW) {
            previousWindow = currentWindow;
            currentWindow = reading;
        }
        return reading;
    }

    /** Returns the idle share of about the last minute, 0 to 1. */
    public synchronized double idle() {
        return read().idleSince(previousWindow);
    }

    private synchronized void setBusy(boolean value) {
        read();
        busy = value;
    }
}
