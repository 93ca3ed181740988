package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.PipelineFactory.PlannedRestart;
import dev.tandem.config.RunSettings;
import dev.tandem.config.SettingsException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The root actor of a run. It restarts the {@link ModelSupervisor} with back-off after failures, and ends the run when
 * the supervisor stops or fails permanently.
 */
public final class Guardian extends AbstractBehavior<Guardian.Command> {

    public sealed interface Command {}

    /** Finishes work in progress, saves a checkpoint and ends the run. */
    public record Stop() implements Command {}

    private record CheckpointSaved(Saved saved) implements Command {}

    /** How the run ended. */
    public sealed interface Outcome {}

    /** The run ended normally, with a last checkpoint. */
    public record Finished(Saved saved) implements Outcome {}

    /** The run ended with a failure that a restart cannot fix, or after too many restarts. */
    public record GaveUp(Throwable cause) implements Outcome {}

    /** Maximum random addition to a restart delay, as a share of it. */
    private static final double RANDOM_FACTOR = 0.2;
    /** Multiple of {@code run.restart-max} after which the number of restarts is reset. */
    private static final int RESET_FACTOR = 10;

    private final ActorRef<ModelSupervisor.Command> supervisor;
    private final Consumer<Outcome> onEnd;
    private Optional<Saved> saved = Optional.empty();

    private Guardian(
            ActorContext<Command> context,
            Behavior<ModelActor.Command> model,
            PipelineFactory pipelines,
            RunSettings settings,
            Consumer<Outcome> onEnd) {
        super(context);
        this.onEnd = onEnd;
        ActorRef<Saved> onSaved = context.messageAdapter(Saved.class, CheckpointSaved::new);
        Behavior<ModelSupervisor.Command> behavior = ModelSupervisor.create(model, pipelines, settings, onSaved);
        this.supervisor = context.spawn(restarting(behavior, settings), "model-supervisor");
        context.watch(supervisor);
    }

    /**
     * Creates the guardian.
     *
     * @param model behavior of the model actor
     * @param onEnd is called once with the outcome; then the guardian and its actor system stop
     */
    public static Behavior<Command> create(
            Behavior<ModelActor.Command> model,
            PipelineFactory pipelines,
            RunSettings settings,
            Consumer<Outcome> onEnd) {
        return Behaviors.setup(context -> new Guardian(context, model, pipelines, settings, onEnd));
    }

    private static Behavior<ModelSupervisor.Command> restarting(
            Behavior<ModelSupervisor.Command> supervisor, RunSettings settings) {
        Duration resetAfter = settings.restartMax().multipliedBy(RESET_FACTOR);
        SupervisorStrategy restart = SupervisorStrategy.restartWithBackoff(
                        settings.restartMin(), settings.restartMax(), RANDOM_FACTOR)
                .withMaxRestarts(settings.restartLimit())
                .withResetBackoffAfter(resetAfter);
        Behavior<ModelSupervisor.Command> restarting =
                Behaviors.supervise(supervisor).onFailure(ModelSupervisor.RestartableFailure.class, restart);
        Behavior<ModelSupervisor.Command> restartingAtOnce = Behaviors.supervise(restarting)
                .onFailure(PlannedRestart.class, SupervisorStrategy.restart().withLoggingEnabled(false));
        return Behaviors.supervise(restartingAtOnce)
                .onFailure(SettingsException.class, SupervisorStrategy.stop().withLoggingEnabled(false));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, this::onStop)
                .onMessage(CheckpointSaved.class, this::onCheckpointSaved)
                .onSignal(ChildFailed.class, this::onSupervisorFailed)
                .onSignal(Terminated.class, this::onSupervisorStopped)
                .build();
    }

    private Behavior<Command> onStop(Stop stop) {
        supervisor.tell(new ModelSupervisor.Stop());
        return this;
    }

    private Behavior<Command> onCheckpointSaved(CheckpointSaved message) {
        saved = Optional.of(message.saved());
        return this;
    }

    private Behavior<Command> onSupervisorFailed(ChildFailed failed) {
        onEnd.accept(new GaveUp(failed.getCause()));
        return Behaviors.stopped();
    }

    private Behavior<Command> onSupervisorStopped(Terminated stopped) {
        onEnd.accept(saved.<Outcome>map(Finished::new)
                .orElseGet(() -> new GaveUp(
                        new IllegalStateException("the model supervisor stopped without saving a checkpoint"))));
        return Behaviors.stopped();
    }
}
