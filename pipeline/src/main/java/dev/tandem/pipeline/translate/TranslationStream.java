package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Reply;
import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.RunningStream;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.deadletter.DeadLetter;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import dev.tandem.pipeline.emit.TranslationRecords;
import dev.tandem.pipeline.transaction.InputRecord;
import dev.tandem.pipeline.transaction.ProcessedRecord;
import dev.tandem.pipeline.transaction.TransactionalProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.event.Logging;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * consume, decode, micro-batch, translate, encode, emit; exactly once for readers of what is committed. A broker that
 * fails it is waited for with back-off, while the model keeps learning.
 */
public final class TranslationStream implements RunningStream {
    private static final Logger LOG = LoggerFactory.getLogger(TranslationStream.class);
    private static final double RANDOM_FACTOR = 0.2;

    private final Settings settings;
    private final KafkaClients clients;
    private final ActorRef<SamplerActor.Command> sampler;
    private final PipelineListener events;
    private final RequestReader reader;
    private final TranslationRecords records;
    private final DeadLetterRecords letters;
    private final Executor cpu;
    private final Executor blocking;
    private final SharedKillSwitch abort = KillSwitches.shared("translations");
    private final AtomicReference<Optional<TransactionalProcessor>> exchange = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private final CompletionStage<Done> completion;
    private final String member;
    private volatile boolean draining;

    /** A record that was read, or could not be. */
    private sealed interface Prepared {
        InputRecord request();

        /** Share of a batch; of what cannot be read too, or there would be no end to it. */
        default long weight() {
            return this instanceof Readable readable
                    ? readable.content().request().samples()
                    : 1;
        }
    }

    private record Readable(InputRecord request, TranslationRequest content) implements Prepared {}

    private record Unreadable(InputRecord request, InvalidInput why) implements Prepared {}

    private TranslationStream(
            KafkaClients clients,
            Settings settings,
            ActorRef<SamplerActor.Command> sampler,
            boolean takesStyles,
            String member,
            PipelineListener events) {
        this.settings = settings;
        this.clients = clients;
        this.sampler = sampler;
        this.events = events;
        this.reader = new RequestReader(settings, takesStyles);
        this.records = new TranslationRecords(settings.topics().translations());
        this.letters = new DeadLetterRecords(settings.topics().deadLetters());
        this.cpu = clients.system().dispatchers().lookup(DispatcherSelector.defaultDispatcher());
        this.blocking = clients.system().dispatchers().lookup(DispatcherSelector.blocking());
        this.member = member;
        this.completion = RestartSource.onFailuresWithBackoff(backOff(), this::exchanging)
                .via(abort.flow())
                .runWith(Sink.ignore(), clients.system());
    }

    /**
     * @param takesStyles whether the model has an encoder
     * @param member a name unlike any other member's, the same for as long as this process lives
     */
    public static TranslationStream start(
            KafkaClients clients,
            Settings settings,
            ActorRef<SamplerActor.Command> sampler,
            boolean takesStyles,
            String member,
            PipelineListener events) {
        return new TranslationStream(clients, settings, sampler, takesStyles, member, events);
    }

    @Override
    public CompletionStage<Done> completion() {
        return completion;
    }

    @Override
    public CompletionStage<Done> drain() {
        draining = true;
        Optional<TransactionalProcessor> open = exchange.get();
        open.ifPresentOrElse(TransactionalProcessor::drain, abort::shutdown);
        return completion.thenCompose(done ->
                open.map(TransactionalProcessor::close).orElseGet(() -> CompletableFuture.completedFuture(done)));
    }

    @Override
    public void abort() {
        draining = true;
        abort.abort(new IllegalStateException("aborted"));
        exchange.get().ifPresent(TransactionalProcessor::close);
    }

    /** Kafka's failures only: those of the model are for others to deal with, together with it. */
    private RestartSettings backOff() {
        return RestartSettings.create(
                        settings.run().restartMin(), settings.run().restartMax(), RANDOM_FACTOR)
                .withRestartOn(failure -> failure instanceof KafkaException && !draining)
                .withLogSettings(RestartSettings.createLogSettings(Logging.DebugLevel()));
    }

    /** From one failure of Kafka to the next. */
    private Source<ProcessedRecord, NotUsed> exchanging() {
        if (draining) {
            return Source.empty();
        }
        String group = settings.run().translateGroup();
        TransactionalProcessor opened;
        try {
            opened = TransactionalProcessor.open(
                    clients,
                    settings.topics().sources(),
                    group,
                    group + "-" + member,
                    settings.run().instance(),
                    events::onRebalance);
        } catch (KafkaException e) {
            return Source.failed(notOpened(e));
        }
        exchange.set(Optional.of(opened));
        if (draining) {
            // Told so while this one was being opened.
            opened.drain();
        }
        return opened.requests()
                .mapAsync(settings.images().decodeParallelism(), this::prepare)
                // Nobody waits for company: what comes while the model is busy makes up the next batch.
                .batchWeighted(settings.translate().batchSize(), Prepared::weight, List::of, TranslationStream::and)
                .mapAsync(1, this::translate)
                .mapAsync(1, answers -> committed(opened, answers))
                .mapConcat(answers -> answers)
                .mapError(new PFBuilder<Throwable, Throwable>()
                        .matchAny(this::forGood)
                        .build())
                .watchTermination((ignored, ended) -> {
                    ended.whenComplete((done, failure) -> left(opened, Optional.ofNullable(failure)));
                    return ignored;
                });
    }

    /** A broker that cannot be found may be found later; settings of which no client can be made are wrong for good. */
    private RuntimeException notOpened(KafkaException failure) {
        RuntimeException why = KafkaClients.notMade(failure, clients.kafka().bootstrapServers());
        if (why instanceof SettingsException) {
            return why;
        }
        trouble(failure);
        return failure;
    }

    /** What a broker refuses it will refuse the next time too. */
    private Throwable forGood(Throwable failure) {
        return failure instanceof AuthorizationException || failure instanceof AuthenticationException
                ? new SettingsException(
                        "Kafka at " + clients.kafka().bootstrapServers() + " refuses: " + failure.getMessage())
                : failure;
    }

    private CompletionStage<List<ProcessedRecord>> committed(
            TransactionalProcessor opened, List<ProcessedRecord> answers) {
        CompletableFuture<List<ProcessedRecord>> committed = new CompletableFuture<>();
        // By hand: supplyAsync would wrap the failure by which a restart is decided on.
        blocking.execute(() -> {
            try {
                List<ProcessedRecord> sent = opened.commit(answers);
                sent.forEach(this::tell);
                over();
                committed.complete(sent);
            } catch (RuntimeException e) {
                committed.completeExceptionally(e);
            }
        });
        return committed;
    }

    private void over() {
        if (trouble.getAndSet(Optional.empty()).isPresent()) {
            LOG.info("translating again");
            events.onTranslationInterrupted(Optional.empty());
        }
    }

    private void tell(ProcessedRecord answer) {
        answer.unusable()
                .ifPresentOrElse(
                        why -> events.onDeadLetter(
                                DeadLetter.of(answer.request().record(), why)),
                        () -> {
                            events.onTranslated(answer.records().size());
                            events.onRequestCompleted(Duration.ofNanos(
                                    System.nanoTime() - answer.request().readAt()));
                        });
    }

    private void left(TransactionalProcessor opened, Optional<Throwable> failure) {
        if (!draining) {
            // Between two exchanges there is none to drain.
            exchange.set(Optional.empty());
        }
        opened.close();
        failure.filter(cause -> cause instanceof KafkaException && !draining).ifPresent(this::trouble);
    }

    /** Said once for each cause: the tries after it have the same trouble. */
    private void trouble(Throwable cause) {
        String message = "translating waits for Kafka: " + cause.getMessage();
        Optional<String> before = trouble.getAndSet(Optional.of(message));
        if (!before.equals(Optional.of(message))) {
            LOG.warn(message);
            events.onTranslationInterrupted(Optional.of(message));
        }
    }

    private static List<Prepared> and(List<Prepared> batch, Prepared next) {
        return Stream.concat(batch.stream(), Stream.of(next)).toList();
    }

    private CompletionStage<Prepared> prepare(InputRecord request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Readable(request, reader.read(request.record()));
                    } catch (InvalidInput why) {
                        return new Unreadable(request, why);
                    }
                },
                cpu);
    }

    private CompletionStage<List<ProcessedRecord>> translate(List<Prepared> batch) {
        List<SamplerActor.Request> requests = batch.stream()
                .filter(Readable.class::isInstance)
                .map(prepared -> ((Readable) prepared).content().request())
                .toList();
        if (requests.isEmpty()) {
            return CompletableFuture.completedFuture(answers(batch, List.of()));
        }
        return AskPattern.<SamplerActor.Command, Reply>ask(
                        sampler,
                        replyTo -> new SamplerActor.Sample(requests, replyTo),
                        // The sampler's own question to the model must be the one that runs out of time.
                        settings.run().stepTimeout().multipliedBy(3),
                        clients.system().scheduler())
                .thenApplyAsync(reply -> answers(batch, results(reply)), cpu);
    }

    private static List<Result> results(Reply reply) {
        if (reply instanceof Failed failed) {
            throw new IllegalStateException("translating failed: " + failed.reason());
        }
        return ((Sampled) reply).results();
    }

    private List<ProcessedRecord> answers(List<Prepared> batch, List<Result> results) {
        Iterator<Result> next = results.iterator();
        List<ProcessedRecord> answers = new ArrayList<>();
        for (Prepared prepared : batch) {
            answers.add(
                    prepared instanceof Readable readable
                            ? answer(readable, next.next())
                            : letter(prepared.request(), ((Unreadable) prepared).why()));
        }
        return answers;
    }

    private ProcessedRecord answer(Readable readable, Result result) {
        ConsumerRecord<byte[], byte[]> record = readable.request().record();
        TranslationRequest content = readable.content();
        List<ProducerRecord<byte[], byte[]>> translations = content.stops().isEmpty()
                ? records.of(record, result, content.seed())
                : List.of(records.animation(
                        record, result, content.seed(), content.stops().getAsInt()));
        ProcessedRecord tooLarge = letter(readable.request(), tooLarge(translations));
        return new ProcessedRecord(readable.request(), translations, Optional.empty(), Optional.of(tooLarge));
    }

    private InvalidInput tooLarge(List<ProducerRecord<byte[], byte[]>> translations) {
        int size = translations.stream()
                .mapToInt(record -> record.value().length)
                .max()
                .orElse(0);
        return new InvalidInput(
                Reason.ANSWER_TOO_LARGE,
                "the answer has " + size + " bytes, more than the topic " + records.topic()
                        + " takes (topics.max-message-bytes is "
                        + settings.topics().maxMessageBytes()
                        + ", but a topic may have a limit of its own); ask for fewer frames");
    }

    private ProcessedRecord letter(InputRecord request, InvalidInput why) {
        List<ProducerRecord<byte[], byte[]>> sizes = new ArrayList<>(letters.of(request.record(), why));
        Collections.reverse(sizes);
        Optional<ProcessedRecord> smaller = Optional.empty();
        for (ProducerRecord<byte[], byte[]> size : sizes) {
            smaller = Optional.of(new ProcessedRecord(request, List.of(size), Optional.of(why), smaller));
        }
        return smaller.orElseThrow();
    }
}
