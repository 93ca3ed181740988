package dev.tandem.model.train;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.PastPair;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
import dev.tandem.model.tensor.PixelBytes;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A bounded sample of all past pairs. The model trains on them again, which prevents forgetting.
 *
 * <p>Every pair offered so far is in the sample with the same probability (reservoir sampling: Vitter, ACM TOMS 11,
 * 1985). Pairs are stored as bytes.
 *
 * <p>Random choices depend only on the seed, the step and the number of pairs offered, so a run that resumes from a
 * checkpoint makes the same choices.
 */
public final class ReplayBuffer {
    /** The rest of the heap holds images that are being processed. */
    private static final double MAX_HEAP_SHARE = 0.5;

    private final int capacity;
    private final int pastPerBatch;
    private final int freshPerBatch;
    private final long seed;
    private final List<PastPair> pairs = new ArrayList<>();
    private long offered;

    public ReplayBuffer(Settings settings) {
        this.capacity = settings.train().replay().capacity();
        this.pastPerBatch = settings.train().replayedPairs();
        this.freshPerBatch = settings.train().freshPairs();
        this.seed = settings.train().seed();
    }

    /**
     * Checks that a full buffer leaves half of the heap free.
     *
     * @param maxHeap maximum size of the heap in bytes
     * @throws SettingsException if the buffer is too large; its message states the largest possible capacity
     */
    public static void requireRoom(Settings settings, long maxHeap) {
        int pixels = settings.model().imageSize().width()
                * settings.model().imageSize().height();
        long pairBytes =
                (long) (settings.model().inputChannels() + settings.model().outputChannels()) * pixels;
        int capacity = settings.train().replay().capacity();
        if (capacity * pairBytes > maxHeap * MAX_HEAP_SHARE) {
            throw new SettingsException("train.replay.capacity is " + capacity + ", which needs "
                    + (capacity * pairBytes >> 20) + " MiB, more than half of the heap of " + (maxHeap >> 20)
                    + " MiB; set it to at most " + (long) (maxHeap * MAX_HEAP_SHARE / pairBytes)
                    + ", or enlarge the heap with TANDEM_JAVA_OPTS=-Xmx...");
        }
    }

    /**
     * A batch for one training step.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     */
    public record Batch(Tensor a, Tensor b) {}

    /**
     * Mixes fresh pairs with random past pairs in the ratio that {@code train.replay.share} sets.
     *
     * <p>Past pairs are spread evenly, and their places shift by one with every step, because with
     * {@code train.split-batch} the halves of a batch train different networks. Before there are past pairs, fresh
     * pairs are repeated instead, because a smaller batch would need programs and memory of its own.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     */
    public Batch mix(Tensor a, Tensor b, long step) {
        int freshCount = a.shape().batch();
        int pastCount = freshCount * pastPerBatch / freshPerBatch;
        if (pastCount == 0) {
            return new Batch(a, b);
        }
        RandomGenerator random = Noise.generator(seed, "replay." + step);
        int total = freshCount + pastCount;
        List<Batch> mixed = new ArrayList<>();
        int fresh = 0;
        for (int i = 0; i < total; i++) {
            int place = (int) ((i + step) % total);
            boolean isPast = (place + 1) * pastCount / total > place * pastCount / total;
            mixed.add(isPast ? randomPast(a, b, random) : row(a, b, fresh++));
        }
        return new Batch(
                Tensor.stack(mixed.stream().map(Batch::a).toList()),
                Tensor.stack(mixed.stream().map(Batch::b).toList()));
    }

    private Batch randomPast(Tensor a, Tensor b, RandomGenerator random) {
        if (pairs.isEmpty()) {
            return row(a, b, random.nextInt(a.shape().batch()));
        }
        PastPair pair = pairs.get(random.nextInt(pairs.size()));
        return new Batch(
                PixelBytes.image(a.shape().withBatch(1), pair.a()),
                PixelBytes.image(b.shape().withBatch(1), pair.b()));
    }

    private static Batch row(Tensor a, Tensor b, int i) {
        return new Batch(a.rows(i, i + 1), b.rows(i, i + 1));
    }

    /**
     * Offers the fresh pairs of a step to the sample.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     */
    public void offer(Tensor a, Tensor b) {
        for (int i = 0; capacity > 0 && i < a.shape().batch(); i++) {
            long index = Noise.generator(seed, "keep." + offered).nextLong(offered + 1);
            if (index < capacity) {
                store(new PastPair(PixelBytes.of(a.rows(i, i + 1)), PixelBytes.of(b.rows(i, i + 1))), (int) index);
            }
            offered++;
        }
    }

    /** Appends while there is room, which is at first and after the capacity was raised; then replaces by index. */
    private void store(PastPair pair, int index) {
        if (pairs.size() < capacity) {
            pairs.add(pair);
        } else {
            pairs.set(index, pair);
        }
    }

    /** Number of past pairs in the buffer. */
    public int size() {
        return pairs.size();
    }

    /** The content for a checkpoint. */
    public PastPairs content() {
        return new PastPairs(offered, pairs);
    }

    /** Replaces the content by that of a checkpoint, or by a random sample of it if the capacity is smaller. */
    public void restore(Checkpoint checkpoint) {
        pairs.clear();
        offered = capacity > 0 ? checkpoint.offeredPairs() : 0;
        List<Integer> indices = new ArrayList<>(
                IntStream.range(0, checkpoint.pastPairCount()).boxed().toList());
        if (indices.size() > capacity) {
            Collections.shuffle(indices, new Random(Noise.hash(seed, "shrink." + offered)));
        }
        pairs.addAll(checkpoint.pastPairs(indices.subList(0, Math.min(capacity, indices.size()))));
    }
}
