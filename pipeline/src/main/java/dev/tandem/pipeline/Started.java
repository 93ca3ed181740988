package dev.tandem.pipeline;

import dev.tandem.actors.Streams;
import dev.tandem.pipeline.broker.TopicWatch;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.deadletter.DeadLetters;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/** Streams that begin when the topics are there, or never, if they are ended before. */
final class Started implements Streams.Running {
    private final TopicWatch watch;
    private final DeadLetters deadLetters;
    private final CompletableFuture<Done> finished = new CompletableFuture<>();
    private List<RunningStream> streams = List.of();
    private boolean ended;

    Started(KafkaClients clients, TopicWatch watch) {
        this.watch = watch;
        this.deadLetters = new DeadLetters(clients);
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    TopicWatch watch() {
        return watch;
    }

    synchronized void begin(Supplier<List<RunningStream>> beginning) {
        if (!ended) {
            streams = List.copyOf(beginning.get());
            streams.forEach(stream -> stream.completion().whenComplete((done, failure) -> {
                if (failure != null) {
                    fail(failure);
                }
            }));
        }
    }

    void finish() {
        finished.complete(Done.getInstance());
    }

    void fail(Throwable failure) {
        finished.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
    }

    @Override
    public CompletionStage<Done> finished() {
        return finished;
    }

    @Override
    public synchronized CompletionStage<Done> drain() {
        ended = true;
        CompletableFuture<?>[] draining = streams.stream()
                .map(stream -> stream.drain().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(draining)
                .thenCompose(all -> watch.publish())
                .thenCompose(done -> {
                    watch.close();
                    return deadLetters.close();
                });
    }

    @Override
    public synchronized void abort() {
        ended = true;
        watch.close();
        streams.forEach(RunningStream::abort);
        deadLetters.close();
    }
}
