package dev.tandem.pipeline.train;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.images.decode.DecodeThreads;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.augment.Augmentation;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.train.PairBatcher.Numbered;
import dev.tandem.pipeline.train.PreparedPair.HeldOut;
import dev.tandem.pipeline.train.PreparedPair.Invalid;
import dev.tandem.pipeline.train.PreparedPair.Valid;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Prepares batches ahead of the model: decodes and augments pairs, groups them, and copies each group into two tensors. All of
 * this runs on threads of its own, so the stream only passes the results on.
 */
public final class BatchPreparation {
    /** Pairs in work per decoding thread: one that is decoded, and one that waits for the thread. */
    static final int PAIRS_PER_THREAD = 2;

    private static final int AUTO_PREFETCH = 8;
    private static final int MIN_PREFETCH = 2;
    private static final int AUTO_HEAP_DIVISOR = 8;
    private static final int MAX_HEAP_DIVISOR = 4;

    private final Settings settings;
    private final InvalidPairs invalidPairs;
    private final HeldOutPairs heldOutPairs;
    private final PipelineListener listener;
    private final StreamSplit split;
    private final PairDecoder decoder;
    private final Augmentation augmentation;
    private final Executor cpu;
    private volatile boolean validationIsComplete;

    /** @param heldOutPairs takes held-out pairs in the order of the stream */
    BatchPreparation(
            Settings settings, InvalidPairs invalidPairs, HeldOutPairs heldOutPairs, PipelineListener listener) {
        this.settings = settings;
        this.invalidPairs = invalidPairs;
        this.heldOutPairs = heldOutPairs;
        this.split = new StreamSplit(settings.train().validation().share());
        this.listener = listener;
        this.decoder = new PairDecoder(settings.images(), settings.model());
        this.augmentation = new Augmentation(
                settings.augment(),
                settings.images().scaling(),
                settings.model(),
                settings.train().seed());
        this.cpu = DecodeThreads.create(settings.images(), "train");
    }

    /**
     * Returns the flow from records to batches. While the model takes a step, {@link #prefetch} batches are ready, one of them
     * in {@link TrainingSteps}. In addition, the flow holds the batch that is filled, {@value #PAIRS_PER_THREAD} pairs per
     * thread, and up to two pairs between its stages.
     *
     * @param last number of the last pair; empty: no limit
     */
    Flow<ConsumerRecord<byte[], byte[]>, StackedBatch, NotUsed> flow(OptionalLong last) {
        PairBatcher batcher = new PairBatcher(settings.train().freshPairs(), last.orElse(Long.MAX_VALUE));
        return Flow.<ConsumerRecord<byte[], byte[]>>create()
                .mapAsync(settings.images().decodeParallelism() * PAIRS_PER_THREAD, this::prepare)
                .via(batcher.numbered())
                .mapAsync(1, this::route)
                .via(batcher.batches())
                .mapAsync(1, batch -> CompletableFuture.supplyAsync(batch::stacked, cpu))
                .via(waiting(prefetch(settings, Runtime.getRuntime().maxMemory())));
    }

    /**
     * Returns the number of batches that are ready while the model works: that of the settings, or as many as the heap allows.
     *
     * @param heap maximum size of the heap in bytes
     */
    static int prefetch(Settings settings, long heap) {
        long fitting = heap / AUTO_HEAP_DIVISOR / batchBytes(settings);
        return settings.train().prefetch().orElse((int) Math.max(MIN_PREFETCH, Math.min(AUTO_PREFETCH, fitting)));
    }

    /**
     * Checks that the batches that are ready leave three quarters of the heap free.
     *
     * @param heap maximum size of the heap in bytes
     * @throws SettingsException if {@code train.prefetch} is too large; its message states the largest possible value
     */
    public static void requireRoom(Settings settings, long heap) {
        int prefetch = prefetch(settings, heap);
        long fitting = Math.max(MIN_PREFETCH, heap / MAX_HEAP_DIVISOR / batchBytes(settings));
        if (prefetch > fitting) {
            throw new SettingsException("train.prefetch is " + prefetch + ", which needs "
                    + (prefetch * batchBytes(settings) >> 20) + " MiB, more than a quarter of the heap of "
                    + (heap >> 20) + " MiB; set it to at most " + fitting
                    + " or to auto, or enlarge the heap with TANDEM_JAVA_OPTS=-Xmx...");
        }
    }

    private static long batchBytes(Settings settings) {
        ModelSettings model = settings.model();
        return (long) settings.train().freshPairs()
                * (model.inputChannels() + model.outputChannels())
                * model.imageSize().height()
                * model.imageSize().width()
                * Float.BYTES;
    }

    /** Two of the batches need no buffer: the stage before it holds one, and one waits for its step. */
    private static Flow<StackedBatch, StackedBatch, NotUsed> waiting(int prefetch) {
        Flow<StackedBatch, StackedBatch, NotUsed> flow = Flow.create();
        return prefetch > MIN_PREFETCH ? flow.buffer(prefetch - MIN_PREFETCH, OverflowStrategy.backpressure()) : flow;
    }

    private CompletionStage<PreparedPair> prepare(ConsumerRecord<byte[], byte[]> record) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return decoder.decode(
                                Records.value(record),
                                Records.header(record, PairDecoder.LAYOUT_HEADER),
                                images -> prepare(record, images));
                    } catch (InvalidInput cause) {
                        return new Invalid(record, cause);
                    }
                },
                cpu);
    }

    private PreparedPair prepare(ConsumerRecord<byte[], byte[]> record, ImagePair images) {
        if (split.holdsOut(images.a())) {
            return new HeldOut(
                    record, validationIsComplete ? Optional.empty() : Optional.of(augmentation.scaled(images)));
        }
        TensorPair pair = augmentation.apply(images, Records.partition(record), record.offset());
        listener.onPairDecoded(pair);
        return new Valid(record, pair);
    }

    /**
     * Sends an invalid record to dead letters, and a held-out pair to the validation. The stream waits, so many of them need no
     * memory.
     */
    private CompletionStage<Numbered> route(Numbered numbered) {
        if (numbered.prepared() instanceof Invalid invalid) {
            return invalidPairs.send(invalid.record(), invalid.cause()).thenApply(done -> numbered);
        }
        if (numbered.prepared() instanceof HeldOut heldOut) {
            listener.onPairHeldOut();
            return validate(heldOut).thenApply(done -> numbered);
        }
        return CompletableFuture.completedFuture(numbered);
    }

    private CompletionStage<Done> validate(HeldOut heldOut) {
        if (heldOut.pair().isEmpty() || validationIsComplete) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return heldOutPairs.add(heldOut.pair().get()).thenApply(isComplete -> {
            validationIsComplete = isComplete;
            return Done.getInstance();
        });
    }
}
