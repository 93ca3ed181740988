package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Reply;
import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.DecodeThreads;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.offsets.SourcesTopic;
import dev.tandem.pipeline.transaction.InputRecord;
import dev.tandem.pipeline.transaction.ProcessedRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.javadsl.Flow;

/** Turns requests into results, in their order: decode, micro-batch, translate, encode. */
final class TranslationFlow {
    private final ActorSystem<?> system;
    private final Settings settings;
    private final ActorRef<SamplerActor.Command> sampler;
    private final RequestReader reader;
    private final TranslationResults results;
    private final Executor cpu;

    /** @param hasEncoder whether the model has an encoder, which requests with a style need */
    TranslationFlow(
            ActorSystem<?> system,
            Settings settings,
            SourcesTopic sources,
            ActorRef<SamplerActor.Command> sampler,
            boolean hasEncoder) {
        this.system = system;
        this.settings = settings;
        this.sampler = sampler;
        this.reader = new RequestReader(settings, () -> hasEncoder);
        this.results = new TranslationResults(settings.topics(), sources);
        this.cpu = DecodeThreads.create(settings.images(), "translate");
    }

    Flow<InputRecord, List<ProcessedRecord>, NotUsed> flow() {
        return Flow.<InputRecord>create()
                .mapAsync(settings.images().decodeParallelism(), this::decode)
                // A batch does not wait to be filled: it contains the requests that arrived while the model was busy.
                .batchWeighted(
                        settings.translate().batchSize(), PreparedRequest::weight, List::of, TranslationFlow::append)
                .mapAsync(1, this::translate);
    }

    private CompletionStage<PreparedRequest> decode(InputRecord input) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new PreparedRequest.Valid(input, reader.read(input.record()));
                    } catch (InvalidInput cause) {
                        return new PreparedRequest.Invalid(input, cause);
                    }
                },
                cpu);
    }

    private static List<PreparedRequest> append(List<PreparedRequest> batch, PreparedRequest next) {
        return Stream.concat(batch.stream(), Stream.of(next)).toList();
    }

    private CompletionStage<List<ProcessedRecord>> translate(List<PreparedRequest> batch) {
        List<SamplerActor.Request> requests = batch.stream()
                .filter(PreparedRequest.Valid.class::isInstance)
                .map(prepared -> ((PreparedRequest.Valid) prepared).content().request())
                .toList();
        if (requests.isEmpty()) {
            return CompletableFuture.completedFuture(encode(batch, List.of()));
        }
        return AskPattern.<SamplerActor.Command, Reply>ask(
                        sampler,
                        replyTo -> new SamplerActor.Sample(requests, replyTo),
                        // The sampler asks the model up to twice with run.step-timeout, and should time out first.
                        settings.run().stepTimeout().multipliedBy(3),
                        system.scheduler())
                .thenApplyAsync(reply -> encode(batch, translations(reply)), cpu);
    }

    private static List<Result> translations(Reply reply) {
        if (reply instanceof Failed failed) {
            throw new IllegalStateException("translation failed: " + failed.reason());
        }
        return ((Sampled) reply).results();
    }

    /** @param translations one for each valid request of the batch */
    private List<ProcessedRecord> encode(List<PreparedRequest> batch, List<Result> translations) {
        Iterator<Result> next = translations.iterator();
        List<ProcessedRecord> processed = new ArrayList<>();
        for (PreparedRequest prepared : batch) {
            processed.add(
                    prepared instanceof PreparedRequest.Valid valid
                            ? results.translated(valid, next.next())
                            : results.deadLetter(prepared.input(), ((PreparedRequest.Invalid) prepared).cause()));
        }
        return processed;
    }
}
