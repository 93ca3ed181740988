package dev.tandem.actors;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.validation.HeldOutPairs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Owns the model on its device and handles one message at a time. A translation waits for at most one training step, with
 * the probe and the checkpoint after it, even if further batches are waiting.
 *
 * <p>Images are (N, C, H, W) in [-1, 1] at the model's size, and latents are (N, L). A request of a wrong shape gets the
 * reply {@link Refused}. A failure of the device or the disk stops the actor.
 */
public final class ModelActor extends AbstractBehavior<ModelActor.Command> {

    public sealed interface Command {}

    /**
     * Takes one training step with a batch of pairs of images A and B. Batches wait for their steps in the order of their
     * arrival.
     *
     * @param nextOffsets the next offset of each partition after this batch
     * @param records offsets of the batch by partition
     */
    public record Train(
            Tensor a, Tensor b, Offsets nextOffsets, Map<Partition, List<Long>> records, ActorRef<TrainReply> replyTo)
            implements Command {}

    /**
     * Counts a batch as seen without a training step. The sender must first have sent its records to dead letters. Later
     * batches wait until then.
     *
     * @param nextOffsets the next offset of each partition after this batch
     * @param records offsets of the batch by partition
     * @param reason reason for the audit log
     */
    public record Skip(
            Offsets nextOffsets, Map<Partition, List<Long>> records, String reason, ActorRef<Skipped> replyTo)
            implements Command {}

    /** Takes a pair of images A and B, (1, C, H, W) each, for the validation. No step trains on this pair. */
    public record HoldOut(Tensor a, Tensor b, ActorRef<HeldOut> replyTo) implements Command {}

    /** @param isComplete whether the validation needs no further pairs */
    public record HeldOut(boolean isComplete) {}

    /** The batch counts as seen. */
    public record Skipped() {}

    /** Translates images A with latents z and the serving checkpoint, or the live model if no checkpoint is serving. */
    public record Translate(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo) implements Command {}

    /** Translates images A with latents z and the live model, even if a checkpoint is serving. */
    public record Preview(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo) implements Command {}

    /** Encodes images B to the means of their latents. */
    public record Encode(Tensor b, ActorRef<EncodeReply> replyTo) implements Command {}

    /**
     * Saves a checkpoint. Nothing is written if the newest checkpoint has the same step and pairs, or if the checkpoint
     * folder is read-only.
     */
    public record Save(ActorRef<Saved> replyTo) implements Command {}

    /** Asks for the state of the model. */
    public record Describe(ActorRef<Description> replyTo) implements Command {}

    /**
     * Selects the weights that translate.
     *
     * @param checkpoint the serving checkpoint; empty: the live model
     */
    public record Serve(Optional<Checkpoint> checkpoint, ActorRef<ServeReply> replyTo) implements Command {}

    /** Takes the step of the next batch; the actor sends it to itself. */
    record TakeStep() implements Command {}

    /** Keeps the lock of the checkpoint folder, or loads the newest checkpoint of the process that trains. */
    private record WatchFolder() implements Command {}

    public sealed interface TrainReply {}

    /**
     * A training step was taken.
     *
     * @param step number of this step
     * @param pairs number of pairs seen so far
     * @param pastPairs number of pairs in the replay buffer
     * @param duration time of the step, without the probe and the checkpoint after it
     * @param checkpoint the checkpoint written after this step, if one was due
     */
    public record Trained(
            long step,
            long pairs,
            int pastPairs,
            StepReport report,
            Health health,
            Duration duration,
            Optional<WrittenCheckpoint> checkpoint)
            implements TrainReply {}

    /** @param duration time of writing the checkpoint */
    public record WrittenCheckpoint(Path folder, Duration duration) {}

    /** A loss or gradient of the batch was not finite. The model is unchanged; the sender must skip the batch. */
    public record Diverged(String reason, Health health) implements TrainReply {}

    public sealed interface TranslateReply {}

    /** @param model the weights that translated: checkpoint and step */
    public record Translated(Tensor b, String model) implements TranslateReply {}

    public sealed interface EncodeReply {}

    /** @param mu means of the latents */
    public record Encoded(Tensor mu) implements EncodeReply {}

    public sealed interface ServeReply {}

    /**
     * The weights that translate from now on.
     *
     * @param checkpoint name of the serving checkpoint; empty: the live model
     */
    public record Serving(Optional<String> checkpoint) implements ServeReply {}

    /** The request is invalid for this model, whatever its weights are. Nothing changed. */
    public record Refused(String reason) implements TrainReply, TranslateReply, EncodeReply, ServeReply {
        static Refused ofShapes(String expected, Tensor... actual) {
            return new Refused("the model expects " + expected + ", but got "
                    + Stream.of(actual).map(tensor -> tensor.shape().toString()).collect(Collectors.joining(" and ")));
        }
    }

    /** The checkpoint of the current state: its folder, its training steps, and the pairs seen. */
    public record Saved(Path folder, long step, long pairs) {}

    /**
     * The state of the model.
     *
     * @param step number of training steps so far
     * @param pairs number of pairs seen so far
     * @param offsets the next offset of each partition
     * @param latent length of z
     * @param hasEncoder whether the model can encode a style from an image
     * @param device name of the device
     * @param serving name of the serving checkpoint; empty: the live model translates
     */
    public record Description(
            long step,
            long pairs,
            Offsets offsets,
            int latent,
            boolean hasEncoder,
            String device,
            Optional<String> serving) {}

    private static final String DISPATCHER = "tandem-model-dispatcher";

    private final BicycleGan model;
    private final TrainQueue steps;
    private final ModelCheckpoints checkpoints;
    private final HeldOutSource heldOut;
    private final ServingModel serving;
    private final Utilization utilization;

    private ModelActor(
            ActorContext<Command> context,
            BicycleGan model,
            CheckpointStore store,
            Settings settings,
            AuditLog auditLog,
            Optional<HeldOutPairs> heldOut,
            Utilization utilization) {
        super(context);
        this.model = model;
        this.checkpoints = new ModelCheckpoints(model, store);
        this.heldOut = HeldOutSource.of(heldOut, settings, model, store);
        StepExecutor executor = new StepExecutor(model, settings, auditLog, checkpoints, this.heldOut);
        this.steps = new TrainQueue(
                executor::train, executor::skip, () -> context.getSelf().tell(new TakeStep()));
        this.serving = new ServingModel(model, checkpoints);
        this.utilization = utilization;
    }

    /**
     * Creates the actor. It must run on the {@link #dispatcher()}.
     *
     * @param open creates or resumes the model; runs on the model's own thread
     * @param store the checkpoint folder; if it is read-only, the actor follows its newest checkpoint
     * @param heldOut pairs for the validation that the stream does not contain; empty: those of {@link HoldOut}, if any
     * @param utilization measures the busy time of the model
     */
    public static Behavior<Command> create(
            Supplier<BicycleGan> open,
            CheckpointStore store,
            Settings settings,
            AuditLog auditLog,
            Optional<HeldOutPairs> heldOut,
            Utilization utilization) {
        Behavior<Command> behavior = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new WatchFolder(), ModelCheckpoints.watchInterval(store, settings));
            return new ModelActor(context, open.get(), store, settings, auditLog, heldOut, utilization);
        }));
        // It ends the run, which prints it.
        return Behaviors.supervise(behavior)
                .onFailure(SettingsException.class, SupervisorStrategy.stop().withLoggingEnabled(false));
    }

    /** Returns the dispatcher of this actor, which runs it always on the same thread. */
    public static DispatcherSelector dispatcher() {
        return DispatcherSelector.fromConfig(DISPATCHER);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Train.class, measured(steps::add))
                .onMessage(TakeStep.class, measured(message -> steps.takeStep()))
                .onMessage(Skip.class, measured(steps::skip))
                .onMessage(HoldOut.class, measured(this::onHoldOut))
                .onMessage(Translate.class, measured(this::onTranslate))
                .onMessage(Preview.class, measured(this::onPreview))
                .onMessage(Encode.class, measured(this::onEncode))
                .onMessage(Serve.class, measured(this::onServe))
                .onMessage(WatchFolder.class, measured(watch -> checkpoints.watchFolder()))
                .onMessage(Save.class, measured(this::onSave))
                .onMessage(Describe.class, measured(this::onDescribe))
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private <M> org.apache.pekko.japi.function.Function<M, Behavior<Command>> measured(Consumer<M> handler) {
        return message -> utilization.measure(() -> {
            handler.accept(message);
            return this;
        });
    }

    private void onHoldOut(HoldOut pair) {
        heldOut.add(pair.a(), pair.b());
        pair.replyTo().tell(new HeldOut(heldOut.pairs().isPresent()));
    }

    private void onTranslate(Translate translate) {
        translate.replyTo().tell(serving.translate(translate.a(), translate.z()));
    }

    private void onPreview(Preview preview) {
        preview.replyTo().tell(serving.preview(preview.a(), preview.z()));
    }

    private void onEncode(Encode encode) {
        encode.replyTo().tell(serving.encode(encode.b()));
    }

    private void onServe(Serve serve) {
        serve.replyTo().tell(serving.select(serve.checkpoint()));
    }

    private void onSave(Save save) {
        save.replyTo().tell(checkpoints.save());
    }

    private void onDescribe(Describe describe) {
        describe.replyTo()
                .tell(new Description(
                        model.step(),
                        model.pairs(),
                        model.offsets(),
                        model.latentShape(1).channels(),
                        model.hasEncoder(),
                        model.device(),
                        serving.checkpoint()));
    }

    private Behavior<Command> onStop() {
        model.close();
        return this;
    }
}
