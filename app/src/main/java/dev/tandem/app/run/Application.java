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
import dev.tandem.config.HttpSettings;
import dev.tandem.config.RedactedSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.UserError;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.network.Networks;
import dev.tandem.model.train.ReplayBuffer;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.Pipelines;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.TrackedPipelines;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.http.HttpServer;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import dev.tandem.serving.steplog.StepLog;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running Tandem; ends by itself when a bounded run has had its pairs, or when told to. */
public final class Application {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final Duration FOREVER = Duration.ofMillis(Integer.MAX_VALUE);

    private final ActorSystem<Guardian.Command> system;
    private final CompletableFuture<Outcome> outcome;
    private final Optional<URI> http;

    private Application(ActorSystem<Guardian.Command> system, CompletableFuture<Outcome> outcome, Optional<URI> http) {
        this.system = system;
        this.outcome = outcome;
        this.http = http;
    }

    /**
     * Checks what can be checked and starts; the streams wait for the broker.
     *
     * @throws SettingsException for settings or a checkpoint that cannot work
     * @throws dev.tandem.model.checkpoint.CheckpointException if the checkpoint folder cannot be written to
     * @throws UserError if the HTTP port is taken
     */
    public static Application start(RunPlan plan) {
        Settings settings = plan.settings();
        Networks.of(settings);
        boolean trains = plan.roles().contains(Role.TRAIN);
        CheckpointStore store = trains
                ? CheckpointStore.open(settings.checkpoint())
                : CheckpointStore.openReadOnly(settings.checkpoint().directory());
        store.latest().ifPresent(checkpoint -> NetworkCompatibility.require(settings, checkpoint));
        if (trains) {
            ReplayBuffer.requireRoom(settings, Runtime.getRuntime().maxMemory());
        }
        Engines.require(settings.model().device());
        KafkaClients.warnOfUnknownSettings(settings.kafka());

        Readiness readiness = new Readiness();
        Metrics metrics = new Metrics(plan.occupancy());
        ModelClient live = new ModelClient(settings.run().stepTimeout());
        RunStatus pulse = new RunStatus();
        ProbeGallery probes = new ProbeGallery(
                settings,
                store.directory(),
                live::preview,
                trains && plan.roles().contains(Role.HTTP));
        PipelineListener events = PipelineListener.of(plan.events(), metrics, readiness, pulse, probes);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        ActorSystem<Guardian.Command> system = ActorSystem.create(
                Guardian.create(
                        ModelActor.create(
                                () -> open(settings, store, metrics),
                                store,
                                settings,
                                journal(plan, store),
                                plan.occupancy()),
                        new TrackedPipelines(streams(plan, events), readiness, live, description -> {
                            metrics.streamsBegin();
                            pulse.onModelStarted(
                                    description.step(),
                                    description.pairs(),
                                    store.directory().resolve(settings.health().stepLog()));
                        }),
                        settings.run(),
                        outcome::complete),
                "tandem",
                plan.config());
        HttpServer.Parts parts = new HttpServer.Parts(
                settings, RedactedSettings.of(plan.config()), store, live, readiness, metrics, pulse, probes);
        Optional<URI> http = plan.roles().contains(Role.HTTP) ? Optional.of(serve(system, parts)) : Optional.empty();
        return new Application(system, outcome, http);
    }

    /** Where dashboard and API are, if there are any. */
    public Optional<URI> http() {
        return http;
    }

    /** Drains the streams, writes a checkpoint and ends. */
    public void stop() {
        system.tell(new Guardian.Stop());
    }

    /**
     * The checkpoint it left behind, when everything has ended.
     *
     * @throws SettingsException if it ended because settings cannot work
     * @throws UserError if it gave up after failures
     */
    public Saved awaitEnd() {
        Outcome ended = outcome().join();
        if (ended instanceof Finished finished) {
            return finished.saved();
        }
        Throwable cause = ((GaveUp) ended).cause();
        if (cause instanceof SettingsException wrong) {
            throw wrong;
        }
        throw new UserError("gave up after " + cause.getMessage(), cause);
    }

    /** Completes with how it ended, when everything has. */
    public CompletableFuture<Outcome> outcome() {
        return system.getWhenTerminated()
                .thenCompose(done -> outcome.isDone()
                        ? outcome
                        : CompletableFuture.failedFuture(new UserError("the actor system ended by itself")))
                .toCompletableFuture();
    }

    private static BicycleGan open(Settings settings, CheckpointStore store, Metrics metrics) {
        Engine engine = Engines.open(settings.model().device(), settings.run().maxOffHeap());
        metrics.watchOffHeap(engine::bytes);
        return store.latest()
                .map(checkpoint -> store.isReadOnly()
                        ? BicycleGan.translating(engine, settings, checkpoint)
                        : BicycleGan.resumed(engine, settings, checkpoint))
                .orElseGet(() -> BicycleGan.fresh(engine, settings));
    }

    private static AuditLog journal(RunPlan plan, CheckpointStore store) {
        HealthSettings health = plan.settings().health();
        if (health.stepLog().isEmpty() || !plan.roles().contains(Role.TRAIN)) {
            return AuditLog.NONE;
        }
        return new StepLog(store.directory().resolve(health.stepLog()), health.stepLogSize());
    }

    private static PipelineFactory streams(RunPlan plan, PipelineListener events) {
        return new Pipelines(
                plan.settings(),
                plan.roles().contains(Role.TRAIN),
                plan.roles().contains(Role.TRANSLATE),
                plan.stopAfterPairs(),
                events);
    }

    private static URI serve(ActorSystem<Guardian.Command> system, HttpServer.Parts parts) {
        HttpSettings http = parts.settings().http();
        try {
            int port = HttpServer.bind(system, parts)
                    .toCompletableFuture()
                    .join()
                    .localAddress()
                    .getPort();
            URI page =
                    URI.create("http://" + (http.host().equals("127.0.0.1") ? "localhost" : http.host()) + ":" + port);
            LOG.info("dashboard and API at {}", page);
            return page;
        } catch (CompletionException e) {
            system.terminate();
            throw new UserError(
                    "cannot listen at " + http.host() + ":" + http.port() + " ("
                            + e.getCause().getMessage()
                            + "); set http.port to a free port, or leave the role http out of --roles",
                    e);
        }
    }
}
