package dev.tandem.pipeline.train;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.ModelActor.HeldOut;
import dev.tandem.actors.ModelActor.HoldOut;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.RunningStream;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.deadletter.DeadLetter;
import dev.tandem.pipeline.deadletter.DeadLetterPublisher;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Consumer;
import org.apache.pekko.kafka.javadsl.Consumer.DrainingControl;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Trains the model on every pair once, from the offsets of its checkpoint on: consume, decode, augment, batch, train.
 *
 * <p>A batch always contains a fixed number of pairs ({@code train.batch-size} less the share of the replay buffer),
 * however slowly they arrive. So batch boundaries depend on the pairs alone, and a resumed run repeats the batches of an
 * undisturbed run. The stream assigns all partitions to itself without a consumer group, so a restarted run does not wait
 * for a rebalance.
 *
 * <p>Batches are prepared ahead of the model. Their offsets count only after their steps, so a stopped stream drops the
 * prepared batches, and the next run reads them again.
 */
public final class TrainingStream {

    private final ActorSystem<?> system;
    private final Settings settings;
    private final KafkaClients clients;
    private final DeadLetterPublisher deadLetters;
    private final ActorRef<ModelActor.Command> model;
    private final PipelineListener listener;
    private final PairsTopic topic;
    private final java.util.function.Consumer<Map<TopicPartition, Long>> onNextOffsets;
    private final SharedKillSwitch drain = KillSwitches.shared("drain-training");
    private final SharedKillSwitch abort = KillSwitches.shared("abort-training");
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
        return new Running(consumeAndTrain(last), deadLetters, drain, abort, system);
    }

    private record Running(
            DrainingControl<Done> control,
            DeadLetterPublisher deadLetters,
            SharedKillSwitch drainSwitch,
            SharedKillSwitch abortSwitch,
            ActorSystem<?> system)
            implements RunningStream {
        @Override
        public CompletionStage<Done> completion() {
            return control.streamCompletion();
        }

        /** Waits for the batches that the model has received. */
        @Override
        public CompletionStage<Done> drain() {
            drainSwitch.shutdown();
            return control.drainAndShutdown(system.executionContext()).thenCompose(done -> deadLetters.close());
        }

        @Override
        public void abort() {
            abortSwitch.abort(new IllegalStateException("aborted"));
            control.shutdown();
            deadLetters.abort();
        }
    }

    private DrainingControl<Done> consumeAndTrain(OptionalLong last) {
        return Consumer.plainSource(
                        clients.assignedConsumer(settings.run().group()),
                        Subscriptions.assignmentWithOffset(topic.start()))
                .via(new BatchPreparation(settings, this::sendDeadLetter, this::holdOut, listener).flow(last))
                .via(drain.flow())
                .via(new TrainingSteps(
                                system,
                                model,
                                topic.ids(),
                                settings.run().stepTimeout(),
                                this::sendDeadLetter,
                                listener)
                        .flow())
                .map(this::onProcessed)
                .via(abort.flow())
                .toMat(Sink.ignore(), Consumer::createDrainingControl)
                .run(system);
    }

    private CompletionStage<Done> sendDeadLetter(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        return deadLetters.send(record, cause).thenApply(done -> {
            listener.onDeadLetter(DeadLetter.of(record, cause));
            return done;
        });
    }

    private CompletionStage<Boolean> holdOut(TensorPair pair) {
        return AskPattern.<ModelActor.Command, HeldOut>ask(
                        model,
                        replyTo -> new HoldOut(pair.a(), pair.b(), replyTo),
                        TrainingSteps.NO_TIMEOUT,
                        system.scheduler())
                .thenApply(HeldOut::isComplete);
    }

    private Done onProcessed(StackedBatch batch) {
        onNextOffsets.accept(batch.nextByPartition());
        listener.onPairsProcessed(batch.records().size());
        if (batch.isLast()) {
            lastPairTrained.complete(Done.getInstance());
        }
        return Done.getInstance();
    }
}
