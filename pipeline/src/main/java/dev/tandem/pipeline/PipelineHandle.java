package dev.tandem.pipeline;

import dev.tandem.actors.PipelineFactory;
import dev.tandem.pipeline.broker.TopicMonitor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/** Handle on streams that are starting or running. Draining or aborting it before the start prevents the start. */
final class PipelineHandle implements PipelineFactory.Running {
    private final TopicMonitor monitor;
    private final CompletableFuture<Done> finished = new CompletableFuture<>();
    private List<RunningStream> streams = List.of();
    private boolean stopped;

    PipelineHandle(TopicMonitor monitor) {
        this.monitor = monitor;
    }

    TopicMonitor monitor() {
        return monitor;
    }

    void start(Supplier<List<RunningStream>> starter) {
        synchronized (this) {
            if (stopped) {
                return;
            }
            try {
                streams = List.copyOf(starter.get());
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
        CompletableFuture<?>[] drained = stop().stream()
                .map(stream -> stream.drain().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(drained)
                .thenCompose(all -> monitor.publishOffsets())
                .thenApply(done -> {
                    monitor.close();
                    return done;
                });
    }

    @Override
    public void abort() {
        stop().forEach(RunningStream::abort);
        monitor.close();
    }

    /** Prevents a later start and returns the streams that were started. */
    private synchronized List<RunningStream> stop() {
        stopped = true;
        return streams;
    }
}
