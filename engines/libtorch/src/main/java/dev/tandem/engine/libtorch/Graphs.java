package dev.tandem.engine.libtorch;

import dev.tandem.engine.libtorch.GraphCapture.Graph;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CUDA graphs of an engine. After the first failure the engine captures no other graph. */
final class Graphs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Graphs.class);

    private final Supplier<GraphCapture> opening;
    private boolean isEnabled;
    private boolean isReported;
    private Optional<GraphCapture> capture = Optional.empty();

    private Graphs(boolean isEnabled, Supplier<GraphCapture> opening) {
        this.isEnabled = isEnabled;
        this.opening = opening;
    }

    /** No graphs: all work runs eagerly. */
    static Graphs off() {
        return new Graphs(false, () -> {
            throw new IllegalStateException("CUDA graphs are off");
        });
    }

    /** @param opening opens the capture when the first graph is captured */
    static Graphs by(Supplier<GraphCapture> opening) {
        return new Graphs(true, opening);
    }

    boolean isEnabled() {
        return isEnabled;
    }

    /**
     * Captures the work of code and replays it once.
     *
     * @return empty if it is not captured; nothing has run on the GPU then
     */
    Optional<Graph> captureAndReplay(Runnable code) {
        if (!isEnabled) {
            return Optional.empty();
        }
        try {
            return Optional.of(replayed(code));
        } catch (RuntimeException | LinkageError e) {
            isEnabled = false;
            LOG.warn("CUDA graphs are not used: {}; set model.cuda-graphs=off to silence this", reason(e));
            return Optional.empty();
        }
    }

    private Graph replayed(Runnable code) {
        if (capture.isEmpty()) {
            capture = Optional.of(opening.get());
        }
        Graph graph = capture.get().capture(code);
        try {
            graph.replay();
            reportFirst();
            return graph;
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    private void reportFirst() {
        if (!isReported) {
            isReported = true;
            LOG.info("phases are replayed as CUDA graphs");
        }
    }

    /** Messages of libtorch continue with the stack trace of C++. */
    private static String reason(Throwable error) {
        return Optional.ofNullable(error.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .orElseGet(error::toString);
    }

    @Override
    public void close() {
        capture.ifPresent(GraphCapture::close);
        capture = Optional.empty();
    }
}
