package dev.tandem.model.train;

/** Parts of a few fixed sizes, so that any number of images needs few programs. */
public final class Chunks {
    private static final int LARGEST = 16;

    private Chunks() {}

    /** Images {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    public interface Chunk {
        void take(int from, int to);
    }

    /** Powers of two, the largest first: 21 images are 16, 4 and 1. */
    public static void forEach(int count, Chunk chunk) {
        for (int from = 0; from < count; ) {
            int size = Math.min(LARGEST, Integer.highestOneBit(count - from));
            chunk.take(from, from + size);
            from += size;
        }
    }
}
