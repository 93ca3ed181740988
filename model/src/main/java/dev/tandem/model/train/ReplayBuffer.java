package dev.tandem.model.train;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.Kept;
import dev.tandem.model.checkpoint.Checkpoint.KeptPair;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Past pairs, to be learnt from again: a sample of all that were offered, each as likely to be in it as any other
 * (reservoir sampling: Vitter, ACM TOMS 11, 1985), in bytes.
 *
 * <p>What is drawn depends on the seed, the step and the number of pairs offered, so with what a checkpoint keeps a resumed
 * run draws the same.
 */
public final class ReplayBuffer {
    private static final float HALF_RANGE = 127.5f;
    /** Of the heap; the rest is for pictures under way. */
    private static final double LARGEST_PART = 0.5;

    private final int capacity;
    private final int replayed;
    private final int fresh;
    private final long seed;
    private final List<KeptPair> kept = new ArrayList<>();
    private long offered;

    public ReplayBuffer(Settings settings) {
        this.capacity = settings.train().replay().capacity();
        this.replayed = settings.train().replayedPairs();
        this.fresh = settings.train().freshPairs();
        this.seed = settings.train().seed();
    }

    /**
     * @param heap the largest it may become, bytes
     * @throws SettingsException if a full buffer would take more than half of it
     */
    public static void requireRoom(Settings settings, long heap) {
        int pixels = settings.model().imageSize().width()
                * settings.model().imageSize().height();
        long pair = (long) (settings.model().inputChannels() + settings.model().outputChannels()) * pixels;
        int capacity = settings.train().replay().capacity();
        if (capacity * pair > heap * LARGEST_PART) {
            throw new SettingsException("train.replay.capacity is " + capacity + ", which takes "
                    + (capacity * pair >> 20) + " MiB, more than half of the heap of " + (heap >> 20)
                    + " MiB; make it at most " + (long) (heap * LARGEST_PART / pair)
                    + ", or the heap larger by TANDEM_JAVA_OPTS=-Xmx...");
        }
    }

    /** A batch to learn from. */
    public record Batch(Tensor a, Tensor b) {}

    /**
     * Fresh pairs and, spread evenly among them, past ones: so many that they have their share. Their places move on with
     * every step, for with {@code train.split-batch} the halves of a batch train different networks. The first batch, which
     * has no past, repeats itself: a smaller one would need memory of its own.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     */
    public Batch joined(Tensor a, Tensor b, long step) {
        int count = a.shape().batch();
        int past = count * replayed / fresh;
        if (past == 0) {
            return new Batch(a, b);
        }
        RandomGenerator random = Noise.stream(seed, "replay." + step);
        int all = count + past;
        List<Batch> pairs = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < all; i++) {
            int place = (int) ((i + step) % all);
            boolean isPast = (place + 1) * past / all > place * past / all;
            pairs.add(isPast ? drawn(a, b, random) : row(a, b, taken++));
        }
        return new Batch(
                Tensor.stack(pairs.stream().map(Batch::a).toList()),
                Tensor.stack(pairs.stream().map(Batch::b).toList()));
    }

    private Batch drawn(Tensor a, Tensor b, RandomGenerator random) {
        if (kept.isEmpty()) {
            return row(a, b, random.nextInt(a.shape().batch()));
        }
        KeptPair pair = kept.get(random.nextInt(kept.size()));
        return new Batch(
                tensor(a.shape().withBatch(1), pair.a()), tensor(b.shape().withBatch(1), pair.b()));
    }

    private static Batch row(Tensor a, Tensor b, int i) {
        return new Batch(a.rows(i, i + 1), b.rows(i, i + 1));
    }

    /** Offers the pairs of a batch that has been learnt from. */
    public void offer(Tensor a, Tensor b) {
        for (int i = 0; capacity > 0 && i < a.shape().batch(); i++) {
            long place = Noise.stream(seed, "keep." + offered).nextLong(offered + 1);
            if (place < capacity) {
                keep(new KeptPair(bytes(a.rows(i, i + 1)), bytes(b.rows(i, i + 1))), (int) place);
            }
            offered++;
        }
    }

    /** In a place of its own while there are any: at the start, or after the capacity has been raised. */
    private void keep(KeptPair pair, int place) {
        if (kept.size() < capacity) {
            kept.add(pair);
        } else {
            kept.set(place, pair);
        }
    }

    /** Pairs that are kept now. */
    public int size() {
        return kept.size();
    }

    /** What a checkpoint is to keep. */
    public Kept content() {
        return new Kept(offered, kept);
    }

    /** Becomes what a checkpoint has kept, or a sample of it if there is room for less. */
    public void restore(Checkpoint checkpoint) {
        kept.clear();
        offered = capacity > 0 ? checkpoint.offered() : 0;
        List<Integer> places = new ArrayList<>(
                IntStream.range(0, checkpoint.keptPairs()).boxed().toList());
        if (places.size() > capacity) {
            Collections.shuffle(places, new Random(Noise.hash(seed, "shrink." + offered)));
        }
        kept.addAll(checkpoint.kept(places.subList(0, Math.min(capacity, places.size()))));
    }

    private static byte[] bytes(Tensor image) {
        byte[] bytes = new byte[image.data().length];
        for (int i = 0; i < bytes.length; i++) {
            float level = (Math.max(-1, Math.min(1, image.data()[i])) + 1) * HALF_RANGE;
            bytes[i] = (byte) Math.round(level);
        }
        return bytes;
    }

    private static Tensor tensor(Shape shape, byte[] bytes) {
        float[] data = new float[bytes.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = Byte.toUnsignedInt(bytes[i]) / HALF_RANGE - 1;
        }
        return new Tensor(shape, data);
    }
}
