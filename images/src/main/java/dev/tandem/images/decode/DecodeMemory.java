package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of the images that a number of threads decode at the same time. One half is shared equally. A thread that needs
 * more than its share uses the other half, alone. So the largest image does not depend on the number of threads, unless there
 * is only one.
 */
final class DecodeMemory {
    /** Both streams and HTTP decode images at the same time. Half of the heap is reserved for everything else. */
    private static final int HEAP_DIVISOR = 6;

    private final long largest;
    private final long share;
    private final ReentrantLock largeImages = new ReentrantLock(true);

    /**
     * @param bytes memory of all images together
     * @param threads number of threads that decode
     */
    DecodeMemory(long bytes, int threads) {
        this.largest = bytes / Math.min(threads, 2);
        this.share = threads > 1 ? (bytes - largest) / (threads - 1) : bytes;
    }

    static DecodeMemory of(ImageSettings settings) {
        return new DecodeMemory(Runtime.getRuntime().maxMemory() / HEAP_DIVISOR, settings.decodeParallelism());
    }

    /** Opens a reservation for the images that the calling thread needs together. */
    Reservation open() {
        return new Reservation();
    }

    /** Memory for one or two images until it is closed, by the thread that opened it. */
    final class Reservation implements AutoCloseable {
        private long reserved;
        private boolean large;

        private Reservation() {}

        /**
         * Waits until the next image may be decoded.
         *
         * @throws InvalidInput if it does not fit into the memory at all, together with the image before
         */
        void reserve(long bytes) throws InvalidInput {
            if (reserved + bytes > largest) {
                throw new InvalidInput(
                        Reason.TOO_MANY_PIXELS,
                        (reserved == 0 ? "the image needs " : "the images need ") + (reserved + bytes >> 20)
                                + " MiB to decode, but a decoder's share of the heap is " + (largest >> 20)
                                + " MiB; raise the heap (-Xmx in TANDEM_JAVA_OPTS)");
            }
            reserved += bytes;
            if (reserved > share && !large) {
                largeImages.lock();
                large = true;
            }
        }

        @Override
        public void close() {
            if (large) {
                largeImages.unlock();
            }
        }
    }
}
