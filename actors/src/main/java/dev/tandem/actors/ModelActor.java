package dev.tandem.actors;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.health.HealthMonitor;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.NotFinite;
import dev.tandem.model.train.StepReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Owns the model on its device and does one thing at a time, so a translation waits for at most one training step (and
 * the probe and the checkpoint that are due after it).
 *
 * <p>A batch of the wrong shape is answered with a refusal; a broken device or disk is a crash.
 */
public final class ModelActor extends AbstractBehavior<ModelActor.Command> {

    public sealed interface Command {}

    /**
     * Takes one step with N pairs, (N, C, H, W) in [-1, 1] each.
     *
     * @param seen the offsets behind them
     * @param records which records they are: offsets by partition
     */
    public record Train(
            Tensor a, Tensor b, Offsets seen, Map<Partition, List<Long>> records, ActorRef<TrainReply> replyTo)
            implements Command {}

    /**
     * Counts a batch as seen that could not be learnt from, when what is to become of it has been seen to.
     *
     * @param reason for the audit trail
     */
    public record Skip(Offsets seen, Map<Partition, List<Long>> records, String reason, ActorRef<Skipped> replyTo)
            implements Command {}

    public record Skipped() {}

    /** Translates N images with N latents, by the weights that are served. */
    public record Translate(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo) implements Command {}

    /** Translates N images with N latents, by the weights that learn, whatever is served. */
    public record Preview(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo) implements Command {}

    /** Encodes N images to the means of their latents. */
    public record Encode(Tensor b, ActorRef<EncodeReply> replyTo) implements Command {}

    /** Writes a checkpoint, unless the newest one is of this very step and pair, or the folder is another process's. */
    public record Save(ActorRef<Saved> replyTo) implements Command {}

    public record Describe(ActorRef<Description> replyTo) implements Command {}

    /** Translates by a checkpoint's weights from now on; by those that learn (or are followed) if it is empty. */
    public record Serve(Optional<Checkpoint> checkpoint, ActorRef<ServeReply> replyTo) implements Command {}

    /** Looks whether whoever writes the checkpoints has written a newer one. */
    private record Follow() implements Command {}

    public sealed interface TrainReply {}

    /**
     * @param pastPairs pairs that are kept to be learnt from again
     * @param took the step itself, without the probe and the checkpoint that may have been due after it
     * @param checkpoint the checkpoint that was due after this step
     */
    public record Trained(
            long step,
            long pairs,
            int pastPairs,
            StepReport report,
            Health health,
            Duration took,
            Optional<Written> checkpoint)
            implements TrainReply {}

    /** A checkpoint, and how long writing it took. */
    public record Written(Path folder, Duration took) {}

    /** The batch gave something that is not finite; nothing has changed, and the batch is still to be passed over. */
    public record Diverged(String reason, Health health) implements TrainReply {}

    public sealed interface TranslateReply {}

    /** @param model which weights: the newest checkpoint and the step */
    public record Translated(Tensor b, String model) implements TranslateReply {}

    public sealed interface EncodeReply {}

    public record Encoded(Tensor mu) implements EncodeReply {}

    public sealed interface ServeReply {}

    /** @param checkpoint whose weights translate from now on; empty: those that learn */
    public record Serving(Optional<String> checkpoint) implements ServeReply {}

    /** What was asked cannot be done, whatever the weights; nothing has changed. */
    public record Refused(String reason) implements TrainReply, TranslateReply, EncodeReply, ServeReply {}

    public record Saved(Path folder, long step, long pairs) {}

    /**
     * @param encodes whether styles can be taken from pictures
     * @param serving the checkpoint whose weights translate; empty: those that learn
     */
    public record Description(
            long step,
            long pairs,
            Offsets offsets,
            int latent,
            boolean encodes,
            String device,
            Optional<String> serving) {}

    private static final String DISPATCHER = "tandem-model-dispatcher";

    private final BicycleGan model;
    private final CheckpointStore store;
    private final Settings settings;
    private final AuditLog auditLog;
    private final Utilization utilization;
    private final HealthMonitor monitor;
    private Optional<Saved> newest;
    private Optional<Checkpoint> served = Optional.empty();
    /** The newest checkpoint that a process which only reads has looked at. */
    private Optional<Path> followed;

    private ModelActor(
            ActorContext<Command> context,
            BicycleGan model,
            CheckpointStore store,
            Settings settings,
            AuditLog auditLog,
            Utilization utilization) {
        super(context);
        this.model = model;
        this.store = store;
        this.settings = settings;
        this.auditLog = auditLog;
        this.utilization = utilization;
        this.monitor = new HealthMonitor(settings);
        this.followed = model.origin();
        this.newest = model.origin().map(folder -> new Saved(folder, model.step(), model.pairs()));
    }

    /**
     * @param open makes or resumes the model; runs on the model's own thread
     * @param utilization counts the time in which the model works
     */
    public static Behavior<Command> create(
            Supplier<BicycleGan> open,
            CheckpointStore store,
            Settings settings,
            AuditLog auditLog,
            Utilization utilization) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            if (store.isReadOnly()) {
                timers.startTimerWithFixedDelay(
                        new Follow(), settings.translate().followEvery());
            }
            return new ModelActor(context, open.get(), store, settings, auditLog, utilization);
        }));
    }

    /** The dispatcher to spawn it on: one thread that never changes. */
    public static DispatcherSelector dispatcher() {
        return DispatcherSelector.fromConfig(DISPATCHER);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Train.class, counted(this::onTrain))
                .onMessage(Skip.class, counted(this::onSkip))
                .onMessage(Translate.class, counted(this::onTranslate))
                .onMessage(Preview.class, counted(this::onPreview))
                .onMessage(Encode.class, counted(this::onEncode))
                .onMessage(Serve.class, counted(this::onServe))
                .onMessage(Follow.class, counted(this::onFollow))
                .onMessage(Save.class, counted(this::onSave))
                .onMessage(Describe.class, counted(this::onDescribe))
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private <M> org.apache.pekko.japi.function.Function<M, Behavior<Command>> counted(
            Function<M, Behavior<Command>> handler) {
        return message -> utilization.during(() -> handler.apply(message));
    }

    private Behavior<Command> onTrain(Train train) {
        int batch = train.a().shape().batch();
        Shape inputs = model.inputs(batch);
        Shape outputs = model.outputs(batch);
        train.replyTo()
                .tell(
                        train.a().shape().equals(inputs) && train.b().shape().equals(outputs)
                                ? step(train)
                                : refused("pairs of " + inputs + " and " + outputs, train.a(), train.b()));
        return this;
    }

    private Behavior<Command> onSkip(Skip batch) {
        int count = batch.records().values().stream().mapToInt(List::size).sum();
        model.skip(count, batch.seen());
        auditLog.notTaken(batch.records(), model.step(), model.pairs(), batch.reason());
        batch.replyTo().tell(new Skipped());
        return this;
    }

    private TrainReply step(Train train) {
        try {
            long began = System.nanoTime();
            StepReport report = model.train(train.a(), train.b(), train.seen());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (monitor.isProbeDue(model.step()) && model.latents(1).channels() > 0) {
                int images = Math.min(
                        settings.health().probeImages(), train.a().shape().batch());
                monitor.probed(model.diversity(
                        train.a().rows(0, images), settings.health().probeSamples()));
            }
            Health health = monitor.taken(report.losses());
            // Before the checkpoint, so that whatever a checkpoint holds has been written down.
            auditLog.taken(train.records(), model.step(), model.pairs(), report, health);
            boolean due = model.step() % settings.checkpoint().everySteps() == 0;
            Optional<Written> checkpoint = due ? Optional.of(written()) : Optional.empty();
            return new Trained(model.step(), model.pairs(), model.pastPairs(), report, health, took, checkpoint);
        } catch (NotFinite e) {
            Health health = monitor.notFinite();
            if (monitor.isHopeless()) {
                // From the newest checkpoint the same pairs would lead to the same end.
                throw new SettingsException(settings.health().giveUpAfter()
                        + " batches in a row could not be learnt from (" + e.getMessage()
                        + "); the newest checkpoint is from before: go on from it with a lower"
                        + " train.learning-rate");
            }
            return new Diverged(e.getMessage(), health);
        }
    }

    private Behavior<Command> onTranslate(Translate translate) {
        translate.replyTo().tell(translated(translate.a(), translate.z(), model::translate, servedVersion()));
        return this;
    }

    private Behavior<Command> onPreview(Preview preview) {
        preview.replyTo().tell(translated(preview.a(), preview.z(), model::preview, version()));
        return this;
    }

    private TranslateReply translated(Tensor a, Tensor z, BinaryOperator<Tensor> generator, String version) {
        int batch = a.shape().batch();
        Shape inputs = model.inputs(batch);
        Shape latents = model.latents(batch);
        return a.shape().equals(inputs) && z.shape().equals(latents)
                ? new Translated(generator.apply(a, z), version)
                : refused("images of " + inputs + " and latents of " + latents, a, z);
    }

    private Behavior<Command> onServe(Serve serve) {
        serve.replyTo().tell(serving(serve.checkpoint()));
        return this;
    }

    private ServeReply serving(Optional<Checkpoint> checkpoint) {
        try {
            checkpoint.ifPresentOrElse(model::serve, model::serveLive);
        } catch (SettingsException | CheckpointException e) {
            served = served.filter(before -> model.servesCheckpoint());
            return new Refused(e.getMessage());
        }
        served = checkpoint;
        getContext()
                .getLog()
                .info("translating with {}", checkpoint.map(Checkpoint::name).orElse("the weights that learn"));
        return new Serving(checkpoint.map(Checkpoint::name));
    }

    /** A checkpoint that does not fit, or is damaged, is passed over: there will be another. */
    private Behavior<Command> onFollow(Follow follow) {
        try {
            store.newest()
                    .filter(folder -> !Optional.of(folder).equals(followed))
                    .ifPresent(this::follow);
        } catch (CheckpointException e) {
            getContext().getLog().warn("cannot follow: {}", e.getMessage());
        }
        return this;
    }

    private void follow(Path folder) {
        followed = Optional.of(folder);
        try {
            model.follow(Checkpoint.open(folder));
            newest = Optional.of(new Saved(folder, model.step(), model.pairs()));
            getContext().getLog().info("following to {}", folder);
        } catch (SettingsException | CheckpointException e) {
            getContext().getLog().warn("cannot follow to {}: {}", folder, e.getMessage());
        }
    }

    private Behavior<Command> onEncode(Encode encode) {
        Shape outputs = model.outputs(encode.b().shape().batch());
        encode.replyTo().tell(encoded(encode.b(), outputs));
        return this;
    }

    private EncodeReply encoded(Tensor b, Shape outputs) {
        if (!model.hasEncoder()) {
            return new Refused("this model has no encoder, so it cannot take a style from a picture");
        }
        return b.shape().equals(outputs) ? new Encoded(model.encode(b)) : refused("images of " + outputs, b);
    }

    private Behavior<Command> onSave(Save save) {
        save.replyTo()
                .tell(
                        store.isReadOnly()
                                ? newest.orElseGet(() -> new Saved(store.directory(), model.step(), model.pairs()))
                                : newest.filter(saved -> saved.step() == model.step() && saved.pairs() == model.pairs())
                                        .orElseGet(this::save));
        return this;
    }

    private Behavior<Command> onDescribe(Describe describe) {
        describe.replyTo()
                .tell(new Description(
                        model.step(),
                        model.pairs(),
                        model.offsets(),
                        model.latents(1).channels(),
                        model.hasEncoder(),
                        model.device(),
                        served.map(Checkpoint::name)));
        return this;
    }

    private Behavior<Command> onStop() {
        model.close();
        return this;
    }

    private Written written() {
        long began = System.nanoTime();
        return new Written(save().folder(), Duration.ofNanos(System.nanoTime() - began));
    }

    private Saved save() {
        Saved saved = new Saved(model.save(store), model.step(), model.pairs());
        newest = Optional.of(saved);
        getContext().getLog().info("checkpoint {}", saved.folder());
        return saved;
    }

    private String servedVersion() {
        return served.map(checkpoint -> version(checkpoint.name(), checkpoint.step()))
                .orElseGet(this::version);
    }

    private String version() {
        String checkpoint =
                newest.map(saved -> saved.folder().getFileName().toString()).orElse("none");
        return version(checkpoint, model.step());
    }

    private static String version(String checkpoint, long step) {
        return "checkpoint=" + checkpoint + ";step=" + step;
    }

    private static Refused refused(String expected, Tensor... given) {
        return new Refused("the model works on " + expected + ", but was given "
                + Arrays.stream(given).map(tensor -> tensor.shape().toString()).collect(Collectors.joining(" and ")));
    }
}
