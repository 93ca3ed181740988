package dev.tandem.pipeline.train;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.Skipped;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.pipeline.PipelineListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Trains the model on batches in their order. During a step, the next batch already waits in the model's queue, so the model
 * does not wait for the stream between two steps. Replies are processed in the order of the batches.
 */
final class TrainingSteps {
    /** One batch in its step, and the next one in the model's queue. */
    private static final int BATCHES_SENT = 2;
    /** Of requests that wait for other steps: the time limit of a batch starts when the batch before is processed. */
    static final Duration NO_TIMEOUT = Duration.ofDays(100);

    private final ActorSystem<?> system;
    private final ActorRef<ModelActor.Command> model;
    private final Map<String, String> topicIds;
    private final Duration stepTimeout;
    private final InvalidPairs invalidPairs;
    private final PipelineListener listener;
    /** Completes when the batch before has been processed. Used only by the stream, for one batch after the other. */
    private CompletionStage<Done> previous = CompletableFuture.completedFuture(Done.getInstance());

    /**
     * @param topicIds the broker's topic ids by name
     * @param stepTimeout maximum time of a step
     */
    TrainingSteps(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            Map<String, String> topicIds,
            Duration stepTimeout,
            InvalidPairs invalidPairs,
            PipelineListener listener) {
        this.system = system;
        this.model = model;
        this.topicIds = topicIds;
        this.stepTimeout = stepTimeout;
        this.invalidPairs = invalidPairs;
        this.listener = listener;
    }

    /** Returns a flow, to be run once, that emits each batch after it was trained on or skipped. */
    Flow<StackedBatch, StackedBatch, NotUsed> flow() {
        return Flow.<StackedBatch>create().mapAsync(BATCHES_SENT, this::train);
    }

    private CompletionStage<StackedBatch> train(StackedBatch batch) {
        CompletionStage<TrainReply> reply =
                AskPattern.ask(model, replyTo -> batch.train(topicIds, replyTo), NO_TIMEOUT, system.scheduler());
        previous = previous.thenCompose(before -> withTimeout(reply)).thenCompose(answer -> process(batch, answer));
        return previous.thenApply(done -> batch);
    }

    private CompletionStage<TrainReply> withTimeout(CompletionStage<TrainReply> reply) {
        return reply.toCompletableFuture()
                .copy()
                .orTimeout(stepTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException
                                ? new IllegalStateException(
                                        "the model did not finish a training step within run.step-timeout", failure)
                                : failure));
    }

    private CompletionStage<Done> process(StackedBatch batch, TrainReply reply) {
        if (reply instanceof Trained step) {
            listener.onTrained(step);
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        if (reply instanceof Diverged diverged) {
            listener.onDiverged(diverged);
            return skip(batch, new InvalidInput(Reason.NOT_FINITE, diverged.reason()));
        }
        return skip(batch, new InvalidInput(Reason.REFUSED_BY_MODEL, ((Refused) reply).reason()));
    }

    /** The model's offsets advance after the dead letters are sent; otherwise a crash between could lose them. */
    private CompletionStage<Done> skip(StackedBatch batch, InvalidInput cause) {
        return sendDeadLetters(batch, cause)
                .thenCompose(done -> AskPattern.<ModelActor.Command, Skipped>ask(
                        model,
                        replyTo -> batch.skip(topicIds, cause.getMessage(), replyTo),
                        stepTimeout,
                        system.scheduler()))
                .thenApply(skipped -> Done.getInstance());
    }

    private CompletionStage<Done> sendDeadLetters(StackedBatch batch, InvalidInput cause) {
        CompletionStage<Done> sent = CompletableFuture.completedFuture(Done.getInstance());
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            sent = sent.thenCompose(done -> invalidPairs.send(record, cause));
        }
        return sent;
    }
}
