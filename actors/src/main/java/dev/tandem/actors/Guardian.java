package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Saved;
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

/** Keeps one {@link ModelSupervisor} of model and streams alive, with back-off, until it is told to stop or the unit is done. */
public final class Guardian extends AbstractBehavior<Guardian.Command> {

    public sealed interface Command {}

    /** Ends what is in flight, writes a checkpoint and ends. */
    public record Stop() implements Command {}

    private record Left(Saved saved) implements Command {}

    /** How it ended. */
    public sealed interface Outcome {}

    public record Finished(Saved saved) implements Outcome {}

    public record GaveUp(Throwable cause) implements Outcome {}

    private static final double RANDOM_FACTOR = 0.2;
    private static final int WINDOW = 10;

    private final ActorRef<ModelSupervisor.Command> unit;
    private final Consumer<Outcome> onEnd;
    private Optional<Saved> saved = Optional.empty();

    private Guardian(
            ActorContext<Command> context,
            Behavior<ModelActor.Command> model,
            PipelineFactory streams,
            RunSettings settings,
            Consumer<Outcome> onEnd) {
        super(context);
        this.onEnd = onEnd;
        ActorRef<Saved> left = context.messageAdapter(Saved.class, Left::new);
        this.unit = context.spawn(supervised(ModelSupervisor.create(model, streams, settings, left), settings), "unit");
        context.watch(unit);
    }

    /** @param onEnd is told once how it ended; the guardian, and with it the actor system, is then stopped */
    public static Behavior<Command> create(
            Behavior<ModelActor.Command> model,
            PipelineFactory streams,
            RunSettings settings,
            Consumer<Outcome> onEnd) {
        return Behaviors.setup(context -> new Guardian(context, model, streams, settings, onEnd));
    }

    private static Behavior<ModelSupervisor.Command> supervised(
            Behavior<ModelSupervisor.Command> unit, RunSettings settings) {
        Duration window = settings.restartMax().multipliedBy(WINDOW);
        SupervisorStrategy restart = SupervisorStrategy.restartWithBackoff(
                        settings.restartMin(), settings.restartMax(), RANDOM_FACTOR)
                .withMaxRestarts(settings.restartLimit())
                .withResetBackoffAfter(window);
        Behavior<ModelSupervisor.Command> restarted =
                Behaviors.supervise(unit).onFailure(ModelSupervisor.Broken.class, restart);
        return Behaviors.supervise(restarted)
                .onFailure(SettingsException.class, SupervisorStrategy.stop().withLoggingEnabled(false));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, this::onStop)
                .onMessage(Left.class, this::onLeft)
                .onSignal(ChildFailed.class, this::onUnitFailed)
                .onSignal(Terminated.class, this::onUnitStopped)
                .build();
    }

    private Behavior<Command> onStop(Stop stop) {
        unit.tell(new ModelSupervisor.Stop());
        return this;
    }

    private Behavior<Command> onLeft(Left left) {
        saved = Optional.of(left.saved());
        return this;
    }

    private Behavior<Command> onUnitFailed(ChildFailed failed) {
        onEnd.accept(new GaveUp(failed.getCause()));
        return Behaviors.stopped();
    }

    private Behavior<Command> onUnitStopped(Terminated stopped) {
        onEnd.accept(saved.<Outcome>map(Finished::new)
                .orElseGet(() -> new GaveUp(new IllegalStateException("the unit stopped without a checkpoint"))));
        return Behaviors.stopped();
    }
}
