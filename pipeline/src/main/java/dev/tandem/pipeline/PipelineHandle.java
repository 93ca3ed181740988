package dev.tandem.pipeline;

import dev.tandem.actors.PipelineFactory;
import dev.tandem.pipeline.broker.TopicMonitor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/** Streams that begin when the topics are there, or never, if they are ended before. */
final class PipelineHandle implements PipelineFactory.Running {
    private final TopicMonitor watch;
    private final CompletableFuture<Done> finished = new CompletableFuture<>();
    private List<RunningStream> streams = List.of();
    private boolean ended;

    PipelineHandle(TopicMonitor watch) {
        this.watch = watch;
    }

    TopicMonitor watch() {
        return watch;
    }

    void begin(Supplier<List<RunningStream>> beginning) {
        synchronized (this) {
            if (ended) {
                return;
            }
            try {
                streams = List.copyOf(beginning.get());
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
        }
        streams.forEach(stream -> stream.completion().whenComplete((done, failure) -> {
            if (failure != null) {
                fail(failure);
            }
        }));
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
    public CompletionStage<Done> drain() {
        CompletableFuture<?>[] draining = end().stream()
                .map(stream -> stream.drain().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(draining)
                .thenCompose(all -> watch.publish())
                .thenApply(done -> {
                    watch.close();
                    return done;
                });
    }

    @Override
    public void abort() {
        end().forEach(RunningStream::abort);
        watch.close();
    }

    /** From here on none begins. */
    private synchronized List<RunningStream> end() {
        ended = true;
        return streams;
    }
}
