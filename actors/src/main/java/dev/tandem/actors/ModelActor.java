package dev.tandem.actors;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    public record PassOver(
            Offsets seen, Map<Partition, List<Long>> records, String reason, ActorRef<PassedOver> replyTo)
            implements Command {}

    public record PassedOver() {}

    /** Translates N images with N latents. */
    public record Translate(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo) implements Command {}

    /** Encodes N images to the means of their latents. */
    public record Encode(Tensor b, ActorRef<EncodeReply> replyTo) implements Command {}

    /** Writes a checkpoint, unless the newest one is of this very step and pair, or the folder is another process's. */
    public record Save(ActorRef<Saved> replyTo) implements Command {}

    public record Describe(ActorRef<Description> replyTo) implements Command {}

    public sealed interface TrainReply {}

    /** @param checkpoint the checkpoint that was due after this step */
    public record Trained(long step, long pairs, StepReport report, Health health, Optional<Path> checkpoint)
            implements TrainReply {}

    /** The batch gave something that is not finite; nothing has changed, and the batch is still to be passed over. */
    public record Diverged(String reason, Health health) implements TrainReply {}

    public sealed interface TranslateReply {}

    /** @param model which weights: the newest checkpoint and the step */
    public record Translated(Tensor b, String model) implements TranslateReply {}

    public sealed interface EncodeReply {}

    public record Encoded(Tensor mu) implements EncodeReply {}

    /** What was asked cannot be done, whatever the weights; nothing has changed. */
    public record Refused(String reason) implements TrainReply, TranslateReply, EncodeReply {}

    public record Saved(Path folder, long step, long pairs) {}

    /** @param encodes whether styles can be taken from pictures */
    public record Description(long step, long pairs, Offsets offsets, int latent, boolean encodes, String device) {}

    private static final String DISPATCHER = "tandem-model-dispatcher";

    private final BicycleGan model;
    private final CheckpointStore store;
    private final Settings settings;
    private final Journal journal;
    private final Occupancy occupancy;
    private final HealthMonitor monitor;
    private Optional<Saved> newest;

    private ModelActor(
            ActorContext<Command> context,
            BicycleGan model,
            CheckpointStore store,
            Settings settings,
            Journal journal,
            Occupancy occupancy) {
        super(context);
        this.model = model;
        this.store = store;
        this.settings = settings;
        this.journal = journal;
        this.occupancy = occupancy;
        this.monitor = new HealthMonitor(settings);
        this.newest = model.origin().map(folder -> new Saved(folder, model.step(), model.pairs()));
    }

    /**
     * @param open makes or resumes the model; runs on the model's own thread
     * @param occupancy counts the time in which the model works
     */
    public static Behavior<Command> create(
            Supplier<BicycleGan> open, CheckpointStore store, Settings settings, Journal journal, Occupancy occupancy) {
        return Behaviors.setup(context -> new ModelActor(context, open.get(), store, settings, journal, occupancy));
    }

    /** The dispatcher to spawn it on: one thread that never changes. */
    public static DispatcherSelector dispatcher() {
        return DispatcherSelector.fromConfig(DISPATCHER);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Train.class, counted(this::onTrain))
                .onMessage(PassOver.class, counted(this::onPassOver))
                .onMessage(Translate.class, counted(this::onTranslate))
                .onMessage(Encode.class, counted(this::onEncode))
                .onMessage(Save.class, counted(this::onSave))
                .onMessage(Describe.class, counted(this::onDescribe))
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private <M> org.apache.pekko.japi.function.Function<M, Behavior<Command>> counted(
            Function<M, Behavior<Command>> handler) {
        return message -> occupancy.during(() -> handler.apply(message));
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

    private Behavior<Command> onPassOver(PassOver batch) {
        int count = batch.records().values().stream().mapToInt(List::size).sum();
        model.passOver(count, batch.seen());
        journal.notTaken(batch.records(), model.step(), model.pairs(), batch.reason());
        batch.replyTo().tell(new PassedOver());
        return this;
    }

    private TrainReply step(Train train) {
        try {
            StepReport report = model.train(train.a(), train.b(), train.seen());
            if (monitor.isProbeDue(model.step()) && model.latents(1).channels() > 0) {
                int images = Math.min(
                        settings.health().probeImages(), train.a().shape().batch());
                monitor.probed(model.diversity(
                        train.a().rows(0, images), settings.health().probeSamples()));
            }
            Health health = monitor.taken(report.losses());
            // Before the checkpoint, so that whatever a checkpoint holds has been written down.
            journal.taken(train.records(), model.step(), model.pairs(), report, health);
            boolean due = model.step() % settings.checkpoint().everySteps() == 0;
            Optional<Path> checkpoint = due ? Optional.of(save().folder()) : Optional.empty();
            return new Trained(model.step(), model.pairs(), report, health, checkpoint);
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
        int batch = translate.a().shape().batch();
        Shape inputs = model.inputs(batch);
        Shape latents = model.latents(batch);
        translate
                .replyTo()
                .tell(
                        translate.a().shape().equals(inputs)
                                        && translate.z().shape().equals(latents)
                                ? new Translated(model.translate(translate.a(), translate.z()), version())
                                : refused(
                                        "images of " + inputs + " and latents of " + latents,
                                        translate.a(),
                                        translate.z()));
        return this;
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
                        model.device()));
        return this;
    }

    private Behavior<Command> onStop() {
        model.close();
        return this;
    }

    private Saved save() {
        Saved saved = new Saved(model.save(store), model.step(), model.pairs());
        newest = Optional.of(saved);
        getContext().getLog().info("checkpoint {}", saved.folder());
        return saved;
    }

    private String version() {
        String checkpoint =
                newest.map(saved -> saved.folder().getFileName().toString()).orElse("none");
        return "checkpoint=" + checkpoint + ";step=" + model.step();
    }

    private static Refused refused(String expected, Tensor... given) {
        return new Refused("the model works on " + expected + ", but was given "
                + Arrays.stream(given).map(tensor -> tensor.shape().toString()).collect(Collectors.joining(" and ")));
    }
}
