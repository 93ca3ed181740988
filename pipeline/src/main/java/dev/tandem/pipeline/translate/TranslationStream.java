package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Reply;
import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.StreamEvents;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.deadletter.DeadLetters;
import dev.tandem.pipeline.decode.UnusableRecord;
import dev.tandem.pipeline.emit.TranslationRecords;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.kafka.ConsumerMessage.Committable;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;
import org.apache.pekko.kafka.ConsumerMessage.CommittableOffset;
import org.apache.pekko.kafka.ProducerMessage;
import org.apache.pekko.kafka.ProducerMessage.Envelope;
import org.apache.pekko.kafka.ProducerMessage.MultiResult;
import org.apache.pekko.kafka.ProducerMessage.Results;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Consumer;
import org.apache.pekko.kafka.javadsl.Consumer.DrainingControl;
import org.apache.pekko.kafka.javadsl.Producer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;

/** consume, decode, micro-batch, translate, encode, emit; at least once. */
public final class TranslationStream {
    private static final String GROUP_SUFFIX = "-translate";

    private final ActorSystem<?> system;
    private final Settings settings;
    private final KafkaClients clients;
    private final DeadLetters deadLetters;
    private final ActorRef<SamplerActor.Command> sampler;
    private final StreamEvents events;
    private final RequestReader reader;
    private final TranslationRecords records;
    private final Executor cpu;

    /** A record that was read, or could not be. */
    private sealed interface Prepared {
        CommittableMessage<byte[], byte[]> message();

        default int samples() {
            return this instanceof Readable readable
                    ? readable.request().request().samples()
                    : 0;
        }
    }

    private record Readable(CommittableMessage<byte[], byte[]> message, TranslationRequest request)
            implements Prepared {}

    private record Unreadable(CommittableMessage<byte[], byte[]> message, UnusableRecord why) implements Prepared {}

    /** What becomes of a record: translations to emit, or none. */
    private record Answered(CommittableMessage<byte[], byte[]> message, List<ProducerRecord<byte[], byte[]>> records) {
        Envelope<byte[], byte[], CommittableOffset> envelope() {
            return ProducerMessage.multi(records, message.committableOffset());
        }
    }

    public TranslationStream(
            KafkaClients clients,
            Settings settings,
            DeadLetters deadLetters,
            ActorRef<SamplerActor.Command> sampler,
            StreamEvents events) {
        this.system = clients.system();
        this.settings = settings;
        this.clients = clients;
        this.deadLetters = deadLetters;
        this.sampler = sampler;
        this.events = events;
        this.reader = new RequestReader(settings);
        this.records = new TranslationRecords(settings.topics().translations());
        this.cpu = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
    }

    /** @param abort ends the stream at once */
    public DrainingControl<Done> run(SharedKillSwitch abort) {
        int parallelism = settings.images().decodeParallelism();
        return Consumer.committableSource(
                        clients.consumer(settings.run().group() + GROUP_SUFFIX),
                        Subscriptions.topics(settings.topics().sources()))
                .mapAsync(parallelism, this::prepare)
                .mapAsync(1, this::lettered)
                .groupedWeightedWithin(
                        settings.translate().batchSize(),
                        prepared -> (long) prepared.samples(),
                        settings.translate().batchWait())
                .mapAsync(1, this::translate)
                .mapConcat(answered -> answered)
                .map(Answered::envelope)
                .via(Producer.flexiFlow(clients.producer()))
                .map(this::emitted)
                .via(clients.committing())
                .via(abort.flow())
                .toMat(Sink.ignore(), Consumer::createDrainingControl)
                .run(system);
    }

    private Committable emitted(Results<byte[], byte[], CommittableOffset> results) {
        if (results instanceof MultiResult<byte[], byte[], CommittableOffset> multi) {
            events.translated().accept(multi.getParts().size());
        }
        return results.passThrough();
    }

    private CompletionStage<Prepared> prepare(CommittableMessage<byte[], byte[]> message) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Readable(message, reader.read(message.record()));
                    } catch (UnusableRecord why) {
                        return new Unreadable(message, why);
                    }
                },
                cpu);
    }

    private CompletionStage<Prepared> lettered(Prepared prepared) {
        if (prepared instanceof Unreadable unreadable) {
            return deadLetters
                    .send(prepared.message().record(), unreadable.why())
                    .thenApply(done -> {
                        events.deadLetter().accept(unreadable.why().reason());
                        return prepared;
                    });
        }
        return CompletableFuture.completedFuture(prepared);
    }

    private CompletionStage<List<Answered>> translate(List<Prepared> batch) {
        List<SamplerActor.Request> requests = batch.stream()
                .filter(Readable.class::isInstance)
                .map(prepared -> ((Readable) prepared).request().request())
                .toList();
        if (requests.isEmpty()) {
            return CompletableFuture.completedFuture(answers(batch, List.of()));
        }
        return AskPattern.<SamplerActor.Command, Reply>ask(
                        sampler,
                        replyTo -> new SamplerActor.Sample(requests, replyTo),
                        // The sampler's own question to the model must be the one that runs out of time.
                        settings.run().stepTimeout().multipliedBy(3),
                        system.scheduler())
                .thenApplyAsync(reply -> answers(batch, results(reply)), cpu);
    }

    private static List<Result> results(Reply reply) {
        if (reply instanceof Failed failed) {
            throw new IllegalStateException("translating failed: " + failed.reason());
        }
        return ((Sampled) reply).results();
    }

    private List<ProducerRecord<byte[], byte[]>> records(Readable readable, Result result) {
        TranslationRequest request = readable.request();
        return request.animated()
                ? List.of(records.animation(readable.message().record(), result, request.seed()))
                : records.of(readable.message().record(), result, request.seed());
    }

    private List<Answered> answers(List<Prepared> batch, List<Result> results) {
        Iterator<Result> next = results.iterator();
        List<Answered> answers = new ArrayList<>();
        for (Prepared prepared : batch) {
            answers.add(new Answered(
                    prepared.message(),
                    prepared instanceof Readable readable ? records(readable, next.next()) : List.of()));
        }
        return answers;
    }
}
