package dev.tandem.pipeline.train;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.Skipped;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.RunningStream;
import dev.tandem.pipeline.augment.Augmentation;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetter;
import dev.tandem.pipeline.deadletter.DeadLetterPublisher;
import dev.tandem.pipeline.train.PairBatcher.Numbered;
import dev.tandem.pipeline.train.PreparedPair.Invalid;
import dev.tandem.pipeline.train.PreparedPair.Valid;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Consumer;
import org.apache.pekko.kafka.javadsl.Consumer.DrainingControl;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Trains the model on every pair once, from the offsets of its checkpoint on: consume, decode, augment, batch, train.
 *
 * <p>A batch always contains a fixed number of pairs ({@code train.batch-size} less the share of the replay buffer),
 * however slowly they arrive. So batch boundaries depend on the pairs alone, and a resumed run repeats the batches of an
 * undisturbed run. The stream assigns all partitions to itself without a consumer group, so a restarted run does not wait
 * for a rebalance.
 */
public final class TrainingStream {

    private final ActorSystem<?> system;
    private final Settings settings;
    private final KafkaClients clients;
    private final DeadLetterPublisher deadLetters;
    private final ActorRef<ModelActor.Command> model;
    private final PipelineListener listener;
    private final PairDecoder decoder;
    private final Augmentation augmentation;
    private final Executor cpu;
    private final PairsTopic topic;
    private final java.util.function.Consumer<Map<TopicPartition, Long>> onNextOffsets;
    private final SharedKillSwitch abort = KillSwitches.shared("training");
    private final CompletableFuture<Done> lastPairTrained = new CompletableFuture<>();

    /** @param onNextOffsets called after every batch with the next offset of each of its partitions */
    public TrainingStream(
            KafkaClients clients,
            Settings settings,
            ActorRef<ModelActor.Command> model,
            PairsTopic topic,
            java.util.function.Consumer<Map<TopicPartition, Long>> onNextOffsets,
            PipelineListener listener) {
        this.system = clients.system();
        this.settings = settings;
        this.clients = clients;
        this.deadLetters = new DeadLetterPublisher(
                clients, topic.ids().get(settings.topics().pairs()));
        this.model = model;
        this.listener = listener;
        this.decoder = new PairDecoder(settings.images(), settings.model());
        this.augmentation = new Augmentation(
                settings.augment(),
                settings.images().scaling(),
                settings.model(),
                settings.train().seed());
        this.cpu = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
        this.topic = topic;
        this.onNextOffsets = onNextOffsets;
    }

    /** Completes when the last pair of a bounded run was processed. The stream still has to be drained then. */
    public CompletionStage<Done> lastPairTrained() {
        return lastPairTrained;
    }

    /**
     * Starts the stream.
     *
     * @param last number of the last pair, counted from this start; empty: no limit
     */
    public RunningStream run(OptionalLong last) {
        return new Running(consumeAndTrain(last), deadLetters, abort, system);
    }

    private record Running(
            DrainingControl<Done> control,
            DeadLetterPublisher deadLetters,
            SharedKillSwitch killSwitch,
            ActorSystem<?> system)
            implements RunningStream {
        @Override
        public CompletionStage<Done> completion() {
            return control.streamCompletion();
        }

        @Override
        public CompletionStage<Done> drain() {
            return control.drainAndShutdown(system.executionContext()).thenCompose(done -> deadLetters.close());
        }

        @Override
        public void abort() {
            killSwitch.abort(new IllegalStateException("aborted"));
            control.shutdown();
            deadLetters.abort();
        }
    }

    private DrainingControl<Done> consumeAndTrain(OptionalLong last) {
        PairBatcher batcher = new PairBatcher(settings.train().freshPairs(), last.orElse(Long.MAX_VALUE));
        return Consumer.plainSource(
                        clients.assignedConsumer(settings.run().group()),
                        Subscriptions.assignmentWithOffset(topic.start()))
                .mapAsync(settings.images().decodeParallelism(), this::prepare)
                .via(batcher.numbered())
                .mapAsync(1, this::deadLetterIfInvalid)
                .via(batcher.batches())
                // Prepares the next batch while the model trains on the current one.
                .buffer(1, OverflowStrategy.backpressure())
                .mapAsync(1, this::train)
                .via(abort.flow())
                .toMat(Sink.ignore(), Consumer::createDrainingControl)
                .run(system);
    }

    private CompletionStage<PreparedPair> prepare(ConsumerRecord<byte[], byte[]> record) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        ImagePair images = decoder.decode(
                                Records.value(record), Records.header(record, PairDecoder.LAYOUT_HEADER));
                        TensorPair pair = augmentation.apply(images, Records.partition(record), record.offset());
                        listener.onPairDecoded(pair);
                        return new Valid(record, pair);
                    } catch (InvalidInput cause) {
                        return new Invalid(record, cause);
                    }
                },
                cpu);
    }

    private CompletionStage<Numbered> deadLetterIfInvalid(Numbered numbered) {
        return numbered.prepared() instanceof Invalid invalid
                ? sendDeadLetter(invalid.record(), invalid.cause()).thenApply(done -> numbered)
                : CompletableFuture.completedFuture(numbered);
    }

    private CompletionStage<Done> sendDeadLetter(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        return deadLetters.send(record, cause).thenApply(done -> {
            listener.onDeadLetter(DeadLetter.of(record, cause));
            return done;
        });
    }

    private CompletionStage<Done> train(PairBatch batch) {
        return AskPattern.<ModelActor.Command, TrainReply>ask(
                        model,
                        replyTo -> batch.train(topic.ids(), replyTo),
                        settings.run().stepTimeout(),
                        system.scheduler())
                .thenCompose(reply -> onTrainReply(batch, reply));
    }

    private CompletionStage<Done> onTrainReply(PairBatch batch, TrainReply reply) {
        if (reply instanceof Trained step) {
            listener.onTrained(step);
            return CompletableFuture.completedFuture(onProcessed(batch));
        }
        if (reply instanceof Diverged diverged) {
            listener.onDiverged(diverged);
            return skip(batch, new InvalidInput(Reason.NOT_FINITE, diverged.reason()));
        }
        return skip(batch, new InvalidInput(Reason.REFUSED_BY_MODEL, ((Refused) reply).reason()));
    }

    private Done onProcessed(PairBatch batch) {
        onNextOffsets.accept(batch.nextByPartition());
        listener.onPairsProcessed(batch.pairs().size());
        if (batch.isLast()) {
            lastPairTrained.complete(Done.getInstance());
        }
        return Done.getInstance();
    }

    /** The model's offsets advance after the dead letters are sent; otherwise a crash between could lose them. */
    private CompletionStage<Done> skip(PairBatch batch, InvalidInput cause) {
        return sendDeadLetters(batch, cause)
                .thenCompose(done -> AskPattern.<ModelActor.Command, Skipped>ask(
                        model,
                        replyTo -> batch.skip(topic.ids(), cause.getMessage(), replyTo),
                        settings.run().stepTimeout(),
                        system.scheduler()))
                .thenApply(skipped -> onProcessed(batch));
    }

    private CompletionStage<Done> sendDeadLetters(PairBatch batch, InvalidInput cause) {
        CompletionStage<Done> sent = CompletableFuture.completedFuture(Done.getInstance());
        for (Valid pair : batch.pairs()) {
            sent = sent.thenCompose(done -> sendDeadLetter(pair.record(), cause));
        }
        return sent;
    }
}
