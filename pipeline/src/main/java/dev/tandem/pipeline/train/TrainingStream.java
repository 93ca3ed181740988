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
import dev.tandem.pipeline.train.Batching.Numbered;
import dev.tandem.pipeline.train.PreparedPair.Unusable;
import dev.tandem.pipeline.train.PreparedPair.Usable;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Consumer.DrainingControl;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * consume, decode, augment, batch, train: feeds the model every pair once, from the offsets of its checkpoint on.
 *
 * <p>A batch is always the next {@code train.batch-size} pairs, however slowly they come, so that where batches end
 * depends on the pairs alone and a resumed run repeats an undisturbed one. It reads all partitions as no member of any
 * group: nothing is shared out, and a run that comes back waits for nobody.
 */
public final class TrainingStream {

    private final ActorSystem<?> system;
    private final Settings settings;
    private final KafkaClients clients;
    private final DeadLetterPublisher deadLetters;
    private final ActorRef<ModelActor.Command> model;
    private final PipelineListener events;
    private final PairDecoder decoder;
    private final Augmentation augmentation;
    private final Executor cpu;
    private final PairsTopic pairs;
    private final Consumer<Map<TopicPartition, Long>> read;
    private final SharedKillSwitch abort = KillSwitches.shared("training");
    private final CompletableFuture<Done> lastPairTrained = new CompletableFuture<>();

    /** @param read told after every batch which record is the next of the partitions it came from */
    public TrainingStream(
            KafkaClients clients,
            Settings settings,
            ActorRef<ModelActor.Command> model,
            PairsTopic pairs,
            Consumer<Map<TopicPartition, Long>> read,
            PipelineListener events) {
        this.system = clients.system();
        this.settings = settings;
        this.clients = clients;
        this.deadLetters = new DeadLetterPublisher(clients);
        this.model = model;
        this.events = events;
        this.decoder = new PairDecoder(settings.images(), settings.model());
        this.augmentation = new Augmentation(
                settings.augment(), settings.model(), settings.train().seed());
        this.cpu = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
        this.pairs = pairs;
        this.read = read;
    }

    /** Completes when the last pair of a bounded run has been trained on; the stream is then still to be drained. */
    public CompletionStage<Done> lastPairTrained() {
        return lastPairTrained;
    }

    /** @param last the last pair to train on, counted from here; empty: there is none */
    public RunningStream run(OptionalLong last) {
        return new Running(consumeAndTrain(last), deadLetters, abort, system);
    }

    private record Running(
            DrainingControl<Done> control,
            DeadLetterPublisher letters,
            SharedKillSwitch abortion,
            ActorSystem<?> system)
            implements RunningStream {
        @Override
        public CompletionStage<Done> completion() {
            return control.streamCompletion();
        }

        @Override
        public CompletionStage<Done> drain() {
            return control.drainAndShutdown(system.executionContext()).thenCompose(done -> letters.close());
        }

        @Override
        public void abort() {
            abortion.abort(new IllegalStateException("aborted"));
            control.shutdown();
            letters.abort();
        }
    }

    private DrainingControl<Done> consumeAndTrain(OptionalLong last) {
        Batching batching = new Batching(settings.train().freshPairs(), last.orElse(Long.MAX_VALUE));
        return org.apache.pekko.kafka.javadsl.Consumer.plainSource(
                        clients.assignedConsumer(settings.run().group()),
                        Subscriptions.assignmentWithOffset(pairs.start()))
                .mapAsync(settings.images().decodeParallelism(), this::prepare)
                .via(batching.numbered())
                .mapAsync(1, this::lettered)
                .via(batching.batches())
                // The next batch is made ready while the model works on this one.
                .buffer(1, OverflowStrategy.backpressure())
                .mapAsync(1, this::train)
                .via(abort.flow())
                .toMat(Sink.ignore(), org.apache.pekko.kafka.javadsl.Consumer::createDrainingControl)
                .run(system);
    }

    private CompletionStage<PreparedPair> prepare(ConsumerRecord<byte[], byte[]> record) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        ImagePair pair = decoder.decode(
                                Records.value(record), Records.header(record, PairDecoder.LAYOUT_HEADER));
                        TensorPair ready = augmentation.apply(pair, Records.partition(record), record.offset());
                        events.onPairDecoded(ready);
                        return new Usable(record, ready);
                    } catch (InvalidInput why) {
                        return new Unusable(record, why);
                    }
                },
                cpu);
    }

    private CompletionStage<Numbered> lettered(Numbered numbered) {
        return numbered.prepared() instanceof Unusable unusable
                ? letter(unusable.record(), unusable.why()).thenApply(done -> numbered)
                : CompletableFuture.completedFuture(numbered);
    }

    private CompletionStage<Done> letter(ConsumerRecord<byte[], byte[]> record, InvalidInput why) {
        return deadLetters.send(record, why).thenApply(done -> {
            events.onDeadLetter(DeadLetter.of(record, why));
            return done;
        });
    }

    private CompletionStage<Done> train(PairBatch batch) {
        return AskPattern.<ModelActor.Command, TrainReply>ask(
                        model,
                        replyTo -> batch.train(pairs.id(), replyTo),
                        settings.run().stepTimeout(),
                        system.scheduler())
                .thenCompose(reply -> answered(batch, reply));
    }

    private CompletionStage<Done> answered(PairBatch batch, TrainReply reply) {
        if (reply instanceof Trained step) {
            events.onTrained(step);
            return CompletableFuture.completedFuture(dealtWith(batch));
        }
        if (reply instanceof Diverged diverged) {
            events.onDiverged(diverged);
            return passedOver(batch, new InvalidInput(Reason.NOT_FINITE, diverged.reason()));
        }
        return passedOver(batch, new InvalidInput(Reason.REFUSED_BY_MODEL, ((Refused) reply).reason()));
    }

    private Done dealtWith(PairBatch batch) {
        read.accept(batch.next());
        events.onPairsProcessed(batch.pairs().size());
        if (batch.isLast()) {
            lastPairTrained.complete(Done.getInstance());
        }
        return Done.getInstance();
    }

    /** Letters first: only then may the model's offsets move on. */
    private CompletionStage<Done> passedOver(PairBatch batch, InvalidInput why) {
        return allLettered(batch, why)
                .thenCompose(done -> AskPattern.<ModelActor.Command, Skipped>ask(
                        model,
                        replyTo -> batch.skip(pairs.id(), why.getMessage(), replyTo),
                        settings.run().stepTimeout(),
                        system.scheduler()))
                .thenApply(passed -> dealtWith(batch));
    }

    private CompletionStage<Done> allLettered(PairBatch batch, InvalidInput why) {
        CompletionStage<Done> letters = CompletableFuture.completedFuture(Done.getInstance());
        for (Usable pair : batch.pairs()) {
            letters = letters.thenCompose(done -> letter(pair.record(), why));
        }
        return letters;
    }
}
