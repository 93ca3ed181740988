package dev.tandem.serving.http;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The heap memory that requests reserve before they use it. It counts in KiB. Thread-safe. */
final class MemoryBudget {
    private static final long KIB = 1024;

    private final int total;
    private final Semaphore free;

    MemoryBudget(long bytes) {
        this.total = Math.toIntExact(bytes / KIB);
        this.free = new Semaphore(total);
    }

    long totalBytes() {
        return total * KIB;
    }

    long reservedBytes() {
        return (total - free.availablePermits()) * KIB;
    }

    /** Reserves memory for a request; empty if there is not enough. */
    Optional<Reservation> reserve(long bytes) {
        Reservation reservation = new Reservation();
        return reservation.grow(bytes) ? Optional.of(reservation) : Optional.empty();
    }

    /** The memory of one request. */
    final class Reservation {
        private long bytes;
        private int held;
        private boolean released;

        /** Reserves more memory; false, and no change, if there is not enough. */
        synchronized boolean grow(long more) {
            return resize(bytes + more);
        }

        /** Changes the amount; false, and no change, if there is not enough or the memory has been released. */
        synchronized boolean resize(long newBytes) {
            long needed = (newBytes + KIB - 1) / KIB;
            if (released || needed > total || !free.tryAcquire(Math.max(0, (int) needed - held))) {
                return false;
            }
            free.release(Math.max(0, held - (int) needed));
            bytes = newBytes;
            held = (int) needed;
            return true;
        }

        /** Returns all memory. A second call has no effect. */
        synchronized void release() {
            if (!released) {
                released = true;
                free.release(held);
            }
        }
    }
}
