package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers as a function of what they are for, so that there is no generator state to lose: the same seed and
 * purpose give the same numbers, after a restart too.
 */
public final class Noise {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Noise() {}

    /** A 64-bit hash of a seed and a purpose: FNV-1a, then the finaliser of SplitMix64. */
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

    public static RandomGenerator stream(long seed, String purpose) {
        return new SplittableRandom(hash(seed, purpose));
    }

    /** Standard normal numbers. */
    public static Tensor gaussian(Shape shape, long seed, String purpose) {
        RandomGenerator random = stream(seed, purpose);
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return new Tensor(shape, data);
    }

    /** A mask that drops a share of what it is multiplied with and scales up the rest, so that the mean stays. */
    static Tensor dropout(Shape shape, double share, long seed, String purpose) {
        RandomGenerator random = stream(seed, purpose);
        float[] data = new float[shape.size()];
        float kept = (float) (1 / (1 - share));
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextDouble() < share ? 0 : kept;
        }
        return new Tensor(shape, data);
    }
}
