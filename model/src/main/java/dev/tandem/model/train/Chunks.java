package dev.tandem.model.train;

/** Splits any number of images into chunks of a few fixed sizes, so that few programs must be compiled. */
public final class Chunks {
    private static final int MAX_SIZE = 16;

    private Chunks() {}

    /** Processes one chunk. */
    @FunctionalInterface
    public interface ChunkConsumer {
        /** Processes images {@code from} (inclusive) to {@code to} (exclusive). */
        void accept(int from, int to);
    }

    /** Chunk sizes are powers of two up to 16, the largest first: 21 images become 16, 4 and 1. */
    public static void forEach(int count, ChunkConsumer consumer) {
        for (int from = 0; from < count; ) {
            int size = largest(count - from);
            consumer.accept(from, from + size);
            from += size;
        }
    }

    /** Size of the largest chunk of a number of images. */
    public static int largest(int count) {
        return Math.min(MAX_SIZE, Integer.highestOneBit(count));
    }
}
