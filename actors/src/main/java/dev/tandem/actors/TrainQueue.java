package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.Skipped;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The batches that a model has received for training, in their order. The sender sends the next batch during a step, so the
 * model does not wait for it.
 *
 * <p>The model takes each step when it receives a message that it has sent to itself. Requests that arrive during a step are
 * therefore answered before the next step, even if its batch arrived earlier.
 *
 * <p>After a batch without a step, the later batches wait until that batch is skipped. Otherwise, a checkpoint could contain
 * offsets after a batch whose records are not in dead letters yet.
 */
final class TrainQueue {
    private final Queue<Train> waiting = new ArrayDeque<>();
    private final Trainer trainer;
    private final Consumer<Skip> skipper;
    private final Runnable requestStep;
    private boolean stepRequested;
    private boolean awaitsSkip;

    /** Takes a step. */
    @FunctionalInterface
    interface Trainer {

        /** @param upcoming the batch of the next step, if it has arrived */
        TrainReply train(Train batch, Optional<Train> upcoming);
    }

    /**
     * @param trainer takes the step of a batch
     * @param skipper counts a batch as seen without a step
     * @param requestStep sends the model the message on which it calls {@link #takeStep}
     */
    TrainQueue(Trainer trainer, Consumer<Skip> skipper, Runnable requestStep) {
        this.trainer = trainer;
        this.skipper = skipper;
        this.requestStep = requestStep;
    }

    void add(Train batch) {
        waiting.add(batch);
        requestNextStep();
    }

    /** Takes the requested step and replies to the sender of its batch. */
    void takeStep() {
        stepRequested = false;
        Train batch = waiting.remove();
        TrainReply reply = trainer.train(batch, Optional.ofNullable(waiting.peek()));
        awaitsSkip = !(reply instanceof Trained);
        batch.replyTo().tell(reply);
        requestNextStep();
    }

    void skip(Skip batch) {
        skipper.accept(batch);
        awaitsSkip = false;
        batch.replyTo().tell(new Skipped());
        requestNextStep();
    }

    private void requestNextStep() {
        if (!stepRequested && !awaitsSkip && !waiting.isEmpty()) {
            stepRequested = true;
            requestStep.run();
        }
    }
}
