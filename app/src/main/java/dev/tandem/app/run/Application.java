package dev.tandem.app.run;

import dev.tandem.actors.AuditLog;
import dev.tandem.actors.Guardian;
import dev.tandem.actors.Guardian.Finished;
import dev.tandem.actors.Guardian.GaveUp;
import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.PipelineFactory;
import dev.tandem.config.HealthSettings;
import dev.tandem.config.RedactedSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.UserError;
import dev.tandem.evaluation.data.ValidationPairs;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.validation.HeldOutPairs;
import dev.tandem.pipeline.Pipelines;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.TrackedPipelines;
import dev.tandem.serving.http.HttpServer;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.ReadinessFile;
import dev.tandem.serving.steplog.StepLog;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;

/** A running instance. It ends when a bounded run has trained its pairs, or when it is stopped. */
public final class Application {
    private final ActorSystem<Guardian.Command> system;
    private final CompletableFuture<Outcome> outcome;

    private Application(ActorSystem<Guardian.Command> system, CompletableFuture<Outcome> outcome) {
        this.system = system;
        this.outcome = outcome;
    }

    /**
     * Checks the preconditions, wires the parts of a run and starts them. The pipelines then wait for the broker.
     *
     * @throws SettingsException if the settings are invalid or do not match the checkpoint
     * @throws CheckpointException if the checkpoint folder cannot be written to
     * @throws UserError if the HTTP port is in use, or the held-out pairs cannot be read
     */
    public static Application start(RunPlan plan) {
        CheckpointStore store = Preconditions.check(plan);
        Optional<HeldOutPairs> heldOut =
                plan.has(Role.TRAIN) ? ValidationPairs.read(plan.settings()) : Optional.empty();
        ModelClient client = new ModelClient(plan.settings().run().stepTimeout());
        Observers observers = Observers.of(plan, store, client);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        ActorSystem<Guardian.Command> system = ActorSystem.create(
                Guardian.create(
                        ModelActor.create(
                                () -> openModel(plan.settings(), store, observers.metrics()),
                                store,
                                plan.settings(),
                                auditLog(plan, store),
                                heldOut,
                                plan.utilization()),
                        pipelines(plan, store, client, observers),
                        plan.settings().run(),
                        outcome::complete),
                "tandem",
                plan.config());
        Optional.ofNullable(System.getenv("TANDEM_HEALTH_FILE"))
                .ifPresent(file -> ReadinessFile.keepWriting(Path.of(file), observers.readiness(), system));
        if (plan.has(Role.HTTP)) {
            HttpEndpoint.start(system, httpParts(plan, store, client, observers));
        }
        return new Application(system, outcome);
    }

    /** Drains the pipelines, writes a checkpoint and ends. */
    public void stop() {
        system.tell(new Guardian.Stop());
    }

    /** Completes when everything has terminated. */
    public CompletableFuture<Outcome> outcome() {
        return system.getWhenTerminated()
                .thenCompose(done -> outcome.isDone()
                        ? outcome
                        : CompletableFuture.failedFuture(
                                new UserError("the actor system terminated unexpectedly; see the log for the cause")))
                .toCompletableFuture();
    }

    /**
     * Waits until everything has terminated.
     *
     * @return the last checkpoint
     * @throws SettingsException if the run ended because of a setting
     * @throws UserError if the run gave up after failures
     */
    public Saved awaitEnd() {
        Outcome ended = outcome().join();
        if (ended instanceof Finished finished) {
            return finished.saved();
        }
        Throwable cause = ((GaveUp) ended).cause();
        if (cause instanceof SettingsException invalid) {
            throw invalid;
        }
        throw new UserError(
                "gave up after a failure: " + cause.getMessage() + "; the next run resumes from the newest checkpoint",
                cause);
    }

    /** Resumes the newest checkpoint, or starts with a fresh model. Without the role TRAIN, the model only translates. */
    private static BicycleGan openModel(Settings settings, CheckpointStore store, Metrics metrics) {
        Optional<Checkpoint> newest = store.newestValid();
        BicycleGan model =
                store.isReadOnly() ? Models.translating(settings, newest) : Models.training(settings, newest);
        metrics.watchMemory(model::memory);
        return model;
    }

    private static AuditLog auditLog(RunPlan plan, CheckpointStore store) {
        HealthSettings health = plan.settings().health();
        if (health.stepLog().isEmpty() || !plan.has(Role.TRAIN)) {
            return AuditLog.NONE;
        }
        return new StepLog(store.directory().resolve(health.stepLog()), health.stepLogSize());
    }

    private static PipelineFactory pipelines(
            RunPlan plan, CheckpointStore store, ModelClient client, Observers observers) {
        Pipelines pipelines = new Pipelines(
                plan.settings(),
                plan.has(Role.TRAIN),
                plan.has(Role.TRANSLATE),
                plan.stopAfterPairs(),
                observers.all());
        return new TrackedPipelines(
                pipelines, observers.readiness(), client, model -> observers.onModelOpened(plan, store, model));
    }

    private static HttpServer.Parts httpParts(
            RunPlan plan, CheckpointStore store, ModelClient client, Observers observers) {
        return new HttpServer.Parts(
                plan.settings(),
                RedactedSettings.of(plan.config(), KafkaClients.settingNames()),
                store,
                client,
                observers.readiness(),
                observers.metrics(),
                observers.status(),
                observers.probes());
    }
}
