package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.RunningStream;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.consume.KafkaFailures;
import dev.tandem.pipeline.deadletter.DeadLetter;
import dev.tandem.pipeline.offsets.LostOffsets;
import dev.tandem.pipeline.offsets.SourcesTopic;
import dev.tandem.pipeline.transaction.ProcessedRecord;
import dev.tandem.pipeline.transaction.TransactionalProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.event.Logging;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Translates requests: consume, {@link TranslationFlow}, commit. Readers of committed records get every result exactly
 * once.
 *
 * <p>If Kafka fails, the stream restarts with back-off, without limit, while training continues. Other failures end the
 * stream.
 */
public final class TranslationStream implements RunningStream {
    private static final double BACK_OFF_JITTER = 0.2;

    private final Settings settings;
    private final KafkaClients clients;
    private final SourcesTopic sources;
    private final String instanceId;
    private final PipelineListener listener;
    private final TranslationFlow translations;
    private final TranslationOutage outage;
    private final Executor blocking;
    private final SharedKillSwitch abort = KillSwitches.shared("translations");
    private final AtomicReference<Optional<TransactionalProcessor>> processor = new AtomicReference<>(Optional.empty());
    private final CompletionStage<Done> completion;
    private volatile boolean draining;

    private TranslationStream(
            KafkaClients clients,
            Settings settings,
            SourcesTopic sources,
            ActorRef<SamplerActor.Command> sampler,
            boolean hasEncoder,
            String instanceId,
            PipelineListener listener) {
        this.settings = settings;
        this.clients = clients;
        this.sources = sources;
        this.instanceId = instanceId;
        this.listener = listener;
        this.translations = new TranslationFlow(clients.system(), settings, sources, sampler, hasEncoder);
        this.outage = new TranslationOutage(listener);
        this.blocking = clients.system().dispatchers().lookup(DispatcherSelector.blocking());
        this.completion = RestartSource.onFailuresWithBackoff(restartSettings(), this::openAndTranslate)
                .via(abort.flow())
                .runWith(Sink.ignore(), clients.system());
    }

    /**
     * Starts the stream.
     *
     * @param hasEncoder whether the model has an encoder, which requests with a style need
     * @param instanceId unique name of this instance, unchanged while the process lives
     */
    public static TranslationStream start(
            KafkaClients clients,
            Settings settings,
            SourcesTopic sources,
            ActorRef<SamplerActor.Command> sampler,
            boolean hasEncoder,
            String instanceId,
            PipelineListener listener) {
        return new TranslationStream(clients, settings, sources, sampler, hasEncoder, instanceId, listener);
    }

    @Override
    public CompletionStage<Done> completion() {
        return completion;
    }

    @Override
    public CompletionStage<Done> drain() {
        draining = true;
        Optional<TransactionalProcessor> open = processor.get();
        open.ifPresentOrElse(TransactionalProcessor::drain, abort::shutdown);
        return completion.thenCompose(done ->
                open.map(TransactionalProcessor::close).orElseGet(() -> CompletableFuture.completedFuture(done)));
    }

    @Override
    public void abort() {
        draining = true;
        abort.abort(new IllegalStateException("aborted"));
        processor.get().ifPresent(TransactionalProcessor::close);
    }

    /** Restarts after failures of Kafka only. After a failure of the model, the supervisor rebuilds model and streams. */
    private RestartSettings restartSettings() {
        return RestartSettings.create(
                        settings.run().restartMin(), settings.run().restartMax(), BACK_OFF_JITTER)
                .withRestartOn(failure -> failure instanceof KafkaException && !draining)
                .withLogSettings(RestartSettings.createLogSettings(Logging.DebugLevel()));
    }

    /** Returns a source that runs until Kafka fails or the stream is drained. */
    private Source<ProcessedRecord, NotUsed> openAndTranslate() {
        if (draining) {
            return Source.empty();
        }
        TransactionalProcessor opened;
        try {
            opened = open();
        } catch (KafkaException e) {
            return Source.failed(onOpenFailed(e));
        }
        processor.set(Optional.of(opened));
        if (draining) {
            // drain() was called while this processor was being opened, and did not find it.
            opened.drain();
        }
        return translateAndCommit(opened);
    }

    private Source<ProcessedRecord, NotUsed> translateAndCommit(TransactionalProcessor opened) {
        return opened.records()
                .via(translations.flow())
                .mapAsync(1, results -> commit(opened, results))
                .mapConcat(committed -> committed)
                .mapError(new PFBuilder<Throwable, Throwable>()
                        .matchAny(this::withoutRetryIfPermanent)
                        .build())
                .watchTermination((ignored, terminated) -> {
                    terminated.whenComplete((done, failure) -> onTerminated(opened, Optional.ofNullable(failure)));
                    return ignored;
                });
    }

    private TransactionalProcessor open() {
        String group = settings.run().translateGroup();
        return TransactionalProcessor.open(
                clients,
                sources.name(),
                group,
                group + "-" + instanceId,
                settings.run().instance(),
                new LostOffsets(clients, settings, sources),
                sources.offsetMetadata(),
                listener::onRebalance);
    }

    /** Returns the failure to end with: a broker that was not found is tried again, wrong settings are not. */
    private RuntimeException onOpenFailed(KafkaException failure) {
        RuntimeException classified =
                KafkaClients.creationFailure(failure, clients.kafka().bootstrapServers());
        if (classified instanceof SettingsException) {
            return classified;
        }
        outage.interrupted(failure);
        return failure;
    }

    /** Replaces a permanent failure of Kafka by a {@link SettingsException}, which is not retried. */
    private Throwable withoutRetryIfPermanent(Throwable failure) {
        Throwable cause = KafkaFailures.cause(failure);
        return cause instanceof AuthorizationException || cause instanceof AuthenticationException
                ? new SettingsException(
                        "Kafka at " + clients.kafka().bootstrapServers() + " refuses: " + cause.getMessage())
                : failure;
    }

    private CompletionStage<List<ProcessedRecord>> commit(
            TransactionalProcessor opened, List<ProcessedRecord> results) {
        CompletableFuture<List<ProcessedRecord>> committed = new CompletableFuture<>();
        // Not supplyAsync: it would wrap the exception that the restart policy checks.
        blocking.execute(() -> {
            try {
                List<ProcessedRecord> sent = opened.commit(results);
                sent.forEach(this::publish);
                outage.recovered();
                committed.complete(sent);
            } catch (RuntimeException e) {
                committed.completeExceptionally(e);
            }
        });
        return committed;
    }

    private void publish(ProcessedRecord result) {
        result.invalid()
                .ifPresentOrElse(
                        cause -> listener.onDeadLetter(
                                DeadLetter.of(result.input().record(), cause)),
                        () -> {
                            listener.onTranslated(result.outputs().size());
                            listener.onRequestCompleted(Duration.ofNanos(
                                    System.nanoTime() - result.input().readAt()));
                        });
    }

    private void onTerminated(TransactionalProcessor opened, Optional<Throwable> failure) {
        if (!draining) {
            // Until the restart opens the next processor, there is none to drain.
            processor.set(Optional.empty());
        }
        opened.close();
        failure.filter(cause -> cause instanceof KafkaException && !draining).ifPresent(outage::interrupted);
    }
}
