package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Command;
import dev.tandem.actors.ModelActor.Describe;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.HeldOut;
import dev.tandem.actors.ModelActor.HoldOut;
import dev.tandem.actors.ModelActor.Save;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.TakeStep;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * A model that learns nothing, to measure the pipeline with a model of any speed: each training step takes a fixed time and no
 * processor time, like that of a model on a GPU. It receives and orders batches as {@link ModelActor} does, with the same
 * {@link TrainQueue}, and does not translate. Nothing is saved.
 */
public final class SimulatedModel extends AbstractBehavior<Command> {
    private static final StepReport REPORT =
            new StepReport(new StepLosses(0, 0, 0, 0, 0, 0, 0), List.of(), Map.of(), 0);

    private final Duration stepTime;
    private final Utilization utilization;
    private final TrainQueue queue;
    private Offsets offsets = Offsets.NONE;
    private long steps;
    private long pairs;

    private SimulatedModel(ActorContext<Command> context, Duration stepTime, Utilization utilization) {
        super(context);
        this.stepTime = stepTime;
        this.utilization = utilization;
        this.queue =
                new TrainQueue(this::train, this::skip, () -> context.getSelf().tell(new TakeStep()));
    }

    /**
     * Creates the actor. Like the model, it must run on the {@link ModelActor#dispatcher()}.
     *
     * @param stepTime time of a training step
     * @param utilization measures the time of the steps alone, so everything between two steps counts as idle
     */
    public static Behavior<Command> create(Duration stepTime, Utilization utilization) {
        return Behaviors.setup(context -> new SimulatedModel(context, stepTime, utilization));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Train.class, train -> {
                    queue.add(train);
                    return this;
                })
                .onMessage(TakeStep.class, step -> {
                    queue.takeStep();
                    return this;
                })
                .onMessage(HoldOut.class, this::onHoldOut)
                .onMessage(Describe.class, this::onDescribe)
                .onMessage(Save.class, this::onSave)
                .build();
    }

    private Behavior<Command> onHoldOut(HoldOut pair) {
        pair.replyTo().tell(new HeldOut(true));
        return this;
    }

    private TrainReply train(Train batch, Optional<Train> upcoming) {
        utilization.measure(this::waitForStepTime);
        steps++;
        pairs += batch.a().shape().batch();
        offsets = offsets.advancedTo(batch.nextOffsets());
        return new Trained(steps, pairs, 0, REPORT, Health.UNKNOWN, stepTime, Optional.empty());
    }

    /** Never called, because every step succeeds. */
    private void skip(Skip batch) {
        throw new IllegalStateException("a simulated step cannot fail");
    }

    /**
     * Parks the model's thread, as an engine does that waits for its GPU. Pekko's timers are no alternative: their resolution
     * of 10 ms is too coarse.
     */
    private Duration waitForStepTime() {
        long end = System.nanoTime() + stepTime.toNanos();
        for (long left = stepTime.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return stepTime;
    }

    private Behavior<Command> onDescribe(Describe describe) {
        describe.replyTo().tell(new Description(steps, pairs, offsets, 0, false, "simulated", Optional.empty()));
        return this;
    }

    private Behavior<Command> onSave(Save save) {
        save.replyTo().tell(new Saved(Path.of(""), steps, pairs));
        return this;
    }
}
