package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Stateless random numbers: the same seed and purpose give the same numbers, also after a restart.
 */
public final class Noise {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Noise() {}

    /** A 64-bit hash of a seed and a purpose: FNV-1a followed by the finaliser of SplitMix64. */
    public static long hash(long seed, String purpose) {
        long hash = FNV_OFFSET;
        byte[] text = purpose.getBytes(StandardCharsets.UTF_8);
        for (byte b : ByteBuffer.allocate(Long.BYTES + text.length)
                .putLong(seed)
                .put(text)
                .array()) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    /** A random generator that starts from the hash of a seed and a purpose. */
    public static RandomGenerator generator(long seed, String purpose) {
        return new SplittableRandom(hash(seed, purpose));
    }

    /** Standard normal numbers. */
    public static Tensor gaussian(Shape shape, long seed, String purpose) {
        RandomGenerator random = generator(seed, purpose);
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return new Tensor(shape, data);
    }

    /** Uniform numbers in [0, 1). */
    static Tensor uniform(Shape shape, long seed, String purpose) {
        RandomGenerator random = generator(seed, purpose);
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
        }
        return new Tensor(shape, data);
    }

    /** A dropout mask: 0 at the given rate, and {@code 1 / (1 - rate)} elsewhere, which preserves the mean. */
    static Tensor dropout(Shape shape, double rate, long seed, String purpose) {
        RandomGenerator random = generator(seed, purpose);
        float[] data = new float[shape.size()];
        float scale = (float) (1 / (1 - rate));
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextDouble() < rate ? 0 : scale;
        }
        return new Tensor(shape, data);
    }
}
