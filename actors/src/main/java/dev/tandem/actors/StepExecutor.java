package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.ModelActor.WrittenCheckpoint;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.health.Health;
import dev.tandem.model.health.HealthMonitor;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.NonFiniteException;
import dev.tandem.model.train.StepReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes training steps: trains the model, checks its health, writes the audit log, and writes checkpoints when due. */
final class StepExecutor {
    private final BicycleGan model;
    private final Settings settings;
    private final AuditLog auditLog;
    private final ModelCheckpoints checkpoints;
    private final HeldOutSource heldOut;
    private final HealthMonitor monitor;

    StepExecutor(
            BicycleGan model,
            Settings settings,
            AuditLog auditLog,
            ModelCheckpoints checkpoints,
            HeldOutSource heldOut) {
        this.model = model;
        this.settings = settings;
        this.auditLog = auditLog;
        this.checkpoints = checkpoints;
        this.heldOut = heldOut;
        this.monitor = new HealthMonitor(settings);
    }

    /**
     * Takes one step with a batch. A batch of a wrong shape is refused.
     *
     * @param upcoming the batch of the next step, if it has arrived
     * @throws SettingsException after {@code health.give-up-after} consecutive batches that were not finite
     */
    TrainReply train(Train batch, Optional<Train> upcoming) {
        Optional<Refused> refused = refused(batch);
        if (refused.isPresent()) {
            return refused.get();
        }
        upcoming.filter(next -> refused(next).isEmpty()).ifPresent(next -> model.announce(next.a(), next.b()));
        try {
            return takeStep(batch);
        } catch (NonFiniteException e) {
            Health health = monitor.recordNotFinite();
            if (monitor.shouldGiveUp()) {
                // A restart from the newest checkpoint would train on the same pairs and fail again.
                throw new SettingsException(settings.health().giveUpAfter()
                        + " batches in a row could not be trained on (" + e.getMessage()
                        + "); resume from the newest checkpoint, which is not affected, with a lower"
                        + " train.learning-rate");
            }
            return new Diverged(e.getMessage(), health);
        }
    }

    /** The refusal of a batch of a wrong shape; empty for other batches. */
    private Optional<Refused> refused(Train batch) {
        Shape inputShape = model.inputShape(batch.a().shape().batch());
        Shape outputShape = model.outputShape(batch.a().shape().batch());
        return batch.a().shape().equals(inputShape) && batch.b().shape().equals(outputShape)
                ? Optional.empty()
                : Optional.of(Refused.ofShapes(
                        "pairs of shapes " + inputShape + " and " + outputShape, batch.a(), batch.b()));
    }

    /** Counts a batch as seen without a step. */
    void skip(Skip batch) {
        int count = batch.records().values().stream().mapToInt(List::size).sum();
        model.skip(count, batch.nextOffsets());
        auditLog.logSkippedBatch(batch.records(), model.step(), model.pairs(), batch.reason());
    }

    private Trained takeStep(Train batch) {
        long start = System.nanoTime();
        StepReport report = model.train(batch.a(), batch.b(), batch.nextOffsets());
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        probeDiversity(batch.a());
        boolean isCheckpointDue = model.step() % settings.checkpoint().everySteps() == 0;
        if (isCheckpointDue || model.step() % settings.train().validation().everySteps() == 0) {
            heldOut.pairs().flatMap(model::validate).ifPresent(monitor::recordScore);
        }
        Health health = monitor.recordStep(report.losses(), report.learningRate());
        // Before the checkpoint, so that the audit log contains every step that a checkpoint contains.
        auditLog.logStep(batch.records(), model.step(), model.pairs(), report, health);
        return new Trained(
                model.step(),
                model.pairs(),
                model.pastPairs(),
                report,
                health,
                duration,
                isCheckpointDue ? Optional.of(writeCheckpoint()) : Optional.empty());
    }

    private void probeDiversity(Tensor a) {
        if (monitor.isProbeDue(model.step()) && model.hasLatent()) {
            int images = Math.min(settings.health().probeImages(), a.shape().batch());
            monitor.recordDiversity(
                    model.diversity(a.rows(0, images), settings.health().probeSamples()));
        }
    }

    private WrittenCheckpoint writeCheckpoint() {
        long start = System.nanoTime();
        return new WrittenCheckpoint(checkpoints.write().folder(), Duration.ofNanos(System.nanoTime() - start));
    }
}
