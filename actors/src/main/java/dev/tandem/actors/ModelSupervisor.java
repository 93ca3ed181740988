package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.config.RunSettings;
import dev.tandem.config.SettingsException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * A model and the streams that feed it, which live and die together: whatever fails, both are made anew from the newest
 * checkpoint, so that no stream runs ahead of the model it feeds.
 */
final class ModelSupervisor extends AbstractBehavior<ModelSupervisor.Command> {

    sealed interface Command {}

    /** Ends what is in flight, writes a checkpoint and stops. */
    record Stop() implements Command {}

    /** @param by whose answer it is, or whose it should have been: a model that died may have answered before */
    private record Described(ActorRef<ModelActor.Command> by, Optional<Description> description) implements Command {}

    /** @param streams whose end it is: word of streams that were aborted may come late */
    private record Ended(PipelineFactory.Running streams, Optional<Throwable> failure) implements Command {}

    private record Drained(Optional<Throwable> failure) implements Command {}

    private record DrainedTooLong() implements Command {}

    /** @param by whose answer it is: one that was given up may still answer */
    private record Kept(ActorRef<ModelActor.Command> by, Saved saved) implements Command {}

    private record KeptTooLong(ActorRef<ModelActor.Command> by) implements Command {}

    /** Something of the unit failed; the supervisor above decides. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final PipelineFactory streams;
    private final RunSettings settings;
    private final ActorRef<Saved> saved;
    private final ActorRef<ModelActor.Command> model;
    private Optional<PipelineFactory.Running> running = Optional.empty();
    private Optional<Throwable> broken = Optional.empty();
    private boolean stopping;
    private boolean keeping;

    private ModelSupervisor(
            ActorContext<Command> context,
            Behavior<ModelActor.Command> model,
            PipelineFactory streams,
            RunSettings settings,
            ActorRef<Saved> saved) {
        super(context);
        this.streams = streams;
        this.settings = settings;
        this.saved = saved;
        this.model = context.spawnAnonymous(model, ModelActor.dispatcher());
        context.watch(this.model);
        context.ask(
                Description.class,
                this.model,
                settings.stepTimeout(),
                ModelActor.Describe::new,
                (description, failure) -> new Described(this.model, Optional.ofNullable(description)));
    }

    /** @param saved is told the checkpoint that the unit leaves behind when it stops */
    static Behavior<Command> create(
            Behavior<ModelActor.Command> model, PipelineFactory streams, RunSettings settings, ActorRef<Saved> saved) {
        return Behaviors.setup(context -> new ModelSupervisor(context, model, streams, settings, saved));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Described.class, this::onDescribed)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(Stop.class, this::onStop)
                .onMessage(Drained.class, this::onDrained)
                .onMessage(DrainedTooLong.class, this::onDrainedTooLong)
                .onMessage(Kept.class, this::onKept)
                .onMessage(KeptTooLong.class, this::onKeptTooLong)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(PreRestart.class, signal -> onGone())
                .onSignal(PostStop.class, signal -> onGone())
                .build();
    }

    private Behavior<Command> onDescribed(Described described) {
        if (described.by().equals(model)) {
            described
                    .description()
                    .ifPresentOrElse(
                            this::start,
                            () -> fail(new IllegalStateException("the model was not ready within run.step-timeout")));
        }
        return this;
    }

    private void start(Description description) {
        getContext()
                .getLog()
                .info(
                        "model ready at step {}, {} pairs, on {}",
                        description.step(),
                        description.pairs(),
                        description.device());
        ActorRef<SamplerActor.Command> sampler =
                getContext().spawnAnonymous(SamplerActor.create(model, description.latent(), settings.stepTimeout()));
        getContext().watch(sampler);
        PipelineFactory.Running started = streams.start(getContext().getSystem(), model, sampler, description);
        running = Optional.of(started);
        getContext()
                .pipeToSelf(started.finished(), (done, failure) -> new Ended(started, Optional.ofNullable(failure)));
        if (stopping) {
            drain(started);
        }
    }

    private Behavior<Command> onEnded(Ended ended) {
        if (stopping || broken.isPresent() || !running.equals(Optional.of(ended.streams()))) {
            return this;
        }
        return ended.failure().map(this::keepAndFail).orElseGet(() -> onStop(new Stop()));
    }

    /** The model is none the worse for a stream that broke: what it has learnt is kept before both are made anew. */
    private Behavior<Command> keepAndFail(Throwable failure) {
        settingsAtFault(failure).ifPresent(wrong -> {
            throw wrong;
        });
        broken = Optional.of(failure);
        running.ifPresent(PipelineFactory.Running::abort);
        // A step may be in hand, and be as long as a step may be.
        getContext().scheduleOnce(settings.stepTimeout(), getContext().getSelf(), new KeptTooLong(model));
        return keep();
    }

    private Behavior<Command> onStop(Stop stop) {
        if (stopping) {
            return this;
        }
        stopping = true;
        return broken.isPresent() ? this : running.map(this::drain).orElse(this);
    }

    private Behavior<Command> drain(PipelineFactory.Running started) {
        getContext().pipeToSelf(started.drain(), (done, failure) -> new Drained(Optional.ofNullable(failure)));
        getContext().scheduleOnce(settings.drainTimeout(), getContext().getSelf(), new DrainedTooLong());
        return this;
    }

    /** The model and its offsets agree whatever became of the streams, so they are kept in any case. */
    private Behavior<Command> onDrained(Drained drained) {
        drained.failure()
                .ifPresent(failure ->
                        getContext().getLog().warn("the streams did not end well: {}", failure.getMessage()));
        return keep();
    }

    private Behavior<Command> onDrainedTooLong(DrainedTooLong tooLong) {
        if (!keeping) {
            getContext().getLog().warn("what is in flight did not end within run.drain-timeout; leaving it");
            running.ifPresent(PipelineFactory.Running::abort);
        }
        return keep();
    }

    private Behavior<Command> keep() {
        if (!keeping) {
            keeping = true;
            model.tell(
                    new ModelActor.Save(getContext().messageAdapter(Saved.class, answer -> new Kept(model, answer))));
        }
        return this;
    }

    private Behavior<Command> onKept(Kept kept) {
        if (!kept.by().equals(model)) {
            return this;
        }
        if (broken.isPresent() && !stopping) {
            throw new Broken(broken.get());
        }
        saved.tell(kept.saved());
        return Behaviors.stopped();
    }

    /** The model does not answer, so it is what broke. */
    private Behavior<Command> onKeptTooLong(KeptTooLong tooLong) {
        if (tooLong.by().equals(model)) {
            broken.ifPresent(this::fail);
        }
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed failed) {
        fail(failed.getCause());
        return this;
    }

    private Behavior<Command> onGone() {
        running.ifPresent(PipelineFactory.Running::abort);
        return this;
    }

    /**
     * Has the supervisor rebuild the unit, with two exceptions: settings that cannot work will not work the next time
     * either, and one that is told to stop is not to start again. An actor's start wraps what it died of.
     */
    private void fail(Throwable cause) {
        settingsAtFault(cause).ifPresent(wrong -> {
            throw wrong;
        });
        if (stopping) {
            throw new IllegalStateException("failed while stopping: " + cause.getMessage(), cause);
        }
        throw new Broken(cause);
    }

    private static Optional<SettingsException> settingsAtFault(Throwable cause) {
        return Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
                .filter(SettingsException.class::isInstance)
                .map(SettingsException.class::cast)
                .findFirst();
    }
}
