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
import dev.tandem.pipeline.decode.UnusableRecord.Reason;
import dev.tandem.pipeline.emit.TranslationRecords;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    private static final int ROOM_FOR_HEADERS = 4096;

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

    /** What becomes of a record: translations to emit, or none, and then perhaps a letter that says why. */
    private record Answered(
            CommittableMessage<byte[], byte[]> message,
            List<ProducerRecord<byte[], byte[]>> records,
            Optional<UnusableRecord> why) {

        static Answered with(Prepared prepared, List<ProducerRecord<byte[], byte[]>> records) {
            return new Answered(prepared.message(), records, Optional.empty());
        }

        Envelope<byte[], byte[], CommittableOffset> envelope() {
            return ProducerMessage.multi(records, message.committableOffset());
        }
    }

    /** @param takesStyles whether the model has an encoder */
    public TranslationStream(
            KafkaClients clients,
            Settings settings,
            DeadLetters deadLetters,
            ActorRef<SamplerActor.Command> sampler,
            boolean takesStyles,
            StreamEvents events) {
        this.system = clients.system();
        this.settings = settings;
        this.clients = clients;
        this.deadLetters = deadLetters;
        this.sampler = sampler;
        this.events = events;
        this.reader = new RequestReader(settings, takesStyles);
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
                .mapAsync(1, this::letteredIfUnanswerable)
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
        return prepared instanceof Unreadable unreadable
                ? letter(prepared.message(), unreadable.why()).thenApply(done -> prepared)
                : CompletableFuture.completedFuture(prepared);
    }

    private CompletionStage<Answered> letteredIfUnanswerable(Answered answered) {
        return answered.why().isPresent()
                ? letter(answered.message(), answered.why().get()).thenApply(done -> answered)
                : CompletableFuture.completedFuture(answered);
    }

    private CompletionStage<Done> letter(CommittableMessage<byte[], byte[]> message, UnusableRecord why) {
        return deadLetters.send(message.record(), why).thenApply(done -> {
            events.deadLetter().accept(why.reason());
            return done;
        });
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

    /** An animation may be larger than a record can be; room for a single picture is seen to at start. */
    private Answered answered(Readable readable, Result result) {
        ConsumerRecord<byte[], byte[]> record = readable.message().record();
        TranslationRequest request = readable.request();
        if (request.stops().isEmpty()) {
            return Answered.with(readable, records.of(record, result, request.seed()));
        }
        ProducerRecord<byte[], byte[]> animation = records.animation(
                record, result, request.seed(), request.stops().getAsInt());
        int size = animation.value().length + ROOM_FOR_HEADERS;
        return size <= settings.topics().maxMessageBytes()
                ? Answered.with(readable, List.of(animation))
                : new Answered(readable.message(), List.of(), Optional.of(tooLarge(size)));
    }

    private UnusableRecord tooLarge(int size) {
        return new UnusableRecord(
                Reason.ANSWER_TOO_LARGE,
                "the animation has " + size + " bytes, but topics.max-message-bytes allows "
                        + settings.topics().maxMessageBytes() + "; ask for fewer frames");
    }

    private List<Answered> answers(List<Prepared> batch, List<Result> results) {
        Iterator<Result> next = results.iterator();
        List<Answered> answers = new ArrayList<>();
        for (Prepared prepared : batch) {
            answers.add(
                    prepared instanceof Readable readable
                            ? answered(readable, next.next())
                            : Answered.with(prepared, List.of()));
        }
        return answers;
    }
}
