package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.PipelineFactory.PlannedRestart;
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
 * Owns a model and the streams that feed it, and restarts them together. After any failure both are rebuilt from the
 * newest checkpoint, so that no stream is ahead of its model.
 */
final class ModelSupervisor extends AbstractBehavior<ModelSupervisor.Command> {

    sealed interface Command {}

    /** Finishes work in progress, saves a checkpoint and stops. */
    record Stop() implements Command {}

    /**
     * The model's answer at start.
     *
     * @param sender the model that was asked; an earlier model may answer after a restart
     * @param description empty: the model did not answer in time
     */
    private record ModelDescribed(ActorRef<ModelActor.Command> sender, Optional<Description> description)
            implements Command {}

    /**
     * The streams finished or failed.
     *
     * @param pipeline the streams; the end of aborted streams may be reported after a restart
     */
    private record PipelineEnded(PipelineFactory.Running pipeline, Optional<Throwable> failure) implements Command {}

    private record PipelineDrained(Optional<Throwable> failure) implements Command {}

    private record DrainTimedOut() implements Command {}

    /** @param sender the model that saved; a model that timed out may still answer after a restart */
    private record CheckpointSaved(ActorRef<ModelActor.Command> sender, Saved saved) implements Command {}

    private record SaveTimedOut(ActorRef<ModelActor.Command> model) implements Command {}

    /** A failure of the model or its streams after which the guardian restarts this supervisor. */
    static final class RestartableFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RestartableFailure(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final PipelineFactory pipelines;
    private final RunSettings settings;
    private final ActorRef<Saved> onSaved;
    private final ActorRef<ModelActor.Command> model;
    private Optional<PipelineFactory.Running> pipeline = Optional.empty();
    private Optional<Throwable> pipelineFailure = Optional.empty();
    private boolean stopping;
    private boolean saving;

    private ModelSupervisor(
            ActorContext<Command> context,
            Behavior<ModelActor.Command> model,
            PipelineFactory pipelines,
            RunSettings settings,
            ActorRef<Saved> onSaved) {
        super(context);
        this.pipelines = pipelines;
        this.settings = settings;
        this.onSaved = onSaved;
        this.model = context.spawnAnonymous(model, ModelActor.dispatcher());
        context.watch(this.model);
        context.ask(
                Description.class,
                this.model,
                settings.stepTimeout(),
                ModelActor.Describe::new,
                (description, failure) -> new ModelDescribed(this.model, Optional.ofNullable(description)));
    }

    /**
     * Creates the supervisor, which spawns the model and starts its streams.
     *
     * @param model behavior of the model actor
     * @param onSaved receives the last checkpoint before the supervisor stops
     */
    static Behavior<Command> create(
            Behavior<ModelActor.Command> model,
            PipelineFactory pipelines,
            RunSettings settings,
            ActorRef<Saved> onSaved) {
        return Behaviors.setup(context -> new ModelSupervisor(context, model, pipelines, settings, onSaved));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ModelDescribed.class, this::onModelDescribed)
                .onMessage(PipelineEnded.class, this::onPipelineEnded)
                .onMessage(Stop.class, this::onStop)
                .onMessage(PipelineDrained.class, this::onPipelineDrained)
                .onMessage(DrainTimedOut.class, this::onDrainTimedOut)
                .onMessage(CheckpointSaved.class, this::onCheckpointSaved)
                .onMessage(SaveTimedOut.class, this::onSaveTimedOut)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(PreRestart.class, signal -> onTerminated())
                .onSignal(PostStop.class, signal -> onTerminated())
                .build();
    }

    private Behavior<Command> onModelDescribed(ModelDescribed described) {
        if (described.sender().equals(model)) {
            described
                    .description()
                    .ifPresentOrElse(
                            this::startPipeline,
                            () -> fail(new IllegalStateException("the model was not ready within run.step-timeout")));
        }
        return this;
    }

    private void startPipeline(Description description) {
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
        PipelineFactory.Running started = pipelines.start(getContext().getSystem(), model, sampler, description);
        pipeline = Optional.of(started);
        getContext()
                .pipeToSelf(
                        started.finished(),
                        (done, failure) -> new PipelineEnded(started, Optional.ofNullable(failure)));
        if (stopping) {
            drain(started);
        }
    }

    private Behavior<Command> onPipelineEnded(PipelineEnded ended) {
        if (stopping || pipelineFailure.isPresent() || !pipeline.equals(Optional.of(ended.pipeline()))) {
            return this;
        }
        return ended.failure().map(this::saveAndFail).orElseGet(() -> onStop(new Stop()));
    }

    /** Saves the model before both are rebuilt: a failed stream does not affect the model. */
    private Behavior<Command> saveAndFail(Throwable failure) {
        throwIfSettingsAreInvalid(failure);
        pipelineFailure = Optional.of(failure);
        pipeline.ifPresent(PipelineFactory.Running::abort);
        // The model may first have to finish a step, which takes up to the step timeout.
        getContext().scheduleOnce(settings.stepTimeout(), getContext().getSelf(), new SaveTimedOut(model));
        return save();
    }

    private Behavior<Command> onStop(Stop stop) {
        if (stopping) {
            return this;
        }
        stopping = true;
        return pipelineFailure.isPresent() ? this : pipeline.map(this::drain).orElse(this);
    }

    private Behavior<Command> drain(PipelineFactory.Running started) {
        getContext().pipeToSelf(started.drain(), (done, failure) -> new PipelineDrained(Optional.ofNullable(failure)));
        getContext().scheduleOnce(settings.drainTimeout(), getContext().getSelf(), new DrainTimedOut());
        return this;
    }

    /** Saves even if draining failed, because the model and its offsets are consistent anyway. */
    private Behavior<Command> onPipelineDrained(PipelineDrained drained) {
        drained.failure()
                .ifPresent(failure ->
                        getContext().getLog().warn("the streams failed while they stopped: {}", failure.getMessage()));
        return save();
    }

    private Behavior<Command> onDrainTimedOut(DrainTimedOut timedOut) {
        if (!saving) {
            getContext().getLog().warn("work in progress did not finish within run.drain-timeout; it is abandoned");
            pipeline.ifPresent(PipelineFactory.Running::abort);
        }
        return save();
    }

    private Behavior<Command> save() {
        if (!saving) {
            saving = true;
            model.tell(new ModelActor.Save(
                    getContext().messageAdapter(Saved.class, saved -> new CheckpointSaved(model, saved))));
        }
        return this;
    }

    private Behavior<Command> onCheckpointSaved(CheckpointSaved message) {
        if (!message.sender().equals(model)) {
            return this;
        }
        if (pipelineFailure.isPresent() && !stopping) {
            throw restart(pipelineFailure.get());
        }
        onSaved.tell(message.saved());
        return Behaviors.stopped();
    }

    private Behavior<Command> onSaveTimedOut(SaveTimedOut timedOut) {
        if (timedOut.model().equals(model)) {
            pipelineFailure.ifPresent(this::fail);
        }
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed failed) {
        fail(failed.getCause());
        return this;
    }

    private Behavior<Command> onTerminated() {
        pipeline.ifPresent(PipelineFactory.Running::abort);
        return this;
    }

    /**
     * Throws an exception that restarts this supervisor, except in two cases. Invalid settings are not fixed by a
     * restart, and a supervisor that is stopping must not start again.
     */
    private void fail(Throwable cause) {
        throwIfSettingsAreInvalid(cause);
        if (stopping) {
            throw new IllegalStateException("failed while stopping: " + cause.getMessage(), cause);
        }
        throw restart(cause);
    }

    /** Returns the exception that makes the guardian restart this supervisor. */
    private static RuntimeException restart(Throwable cause) {
        return cause instanceof PlannedRestart planned ? planned : new RestartableFailure(cause);
    }

    /** Searches all causes, because a failure at the start of an actor is wrapped. */
    private static void throwIfSettingsAreInvalid(Throwable failure) {
        Optional<SettingsException> invalid = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(SettingsException.class::isInstance)
                .map(SettingsException.class::cast)
                .findFirst();
        if (invalid.isPresent()) {
            throw invalid.get();
        }
    }
}
