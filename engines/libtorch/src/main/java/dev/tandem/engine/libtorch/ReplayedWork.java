package dev.tandem.engine.libtorch;

import dev.tandem.engine.libtorch.GraphCapture.Graph;
import java.util.Optional;

/** Work that runs many times: eagerly at first, and as a CUDA graph from then on if the engine can capture it. */
final class ReplayedWork implements AutoCloseable {
    /** In the first runs cuDNN measures its algorithms and CUDA loads kernels, which a capture does not allow. */
    static final int EAGER_RUNS = 3;

    private final Graphs graphs;
    private int eagerRuns;
    private Optional<Graph> graph = Optional.empty();

    ReplayedWork(Graphs graphs) {
        this.graphs = graphs;
    }

    /** @param code the same work in every call */
    void run(Runnable code) {
        if (graph.isPresent()) {
            graph.get().replay();
            return;
        }
        if (eagerRuns < EAGER_RUNS) {
            eagerRuns++;
        } else {
            graph = graphs.captureAndReplay(code);
        }
        if (graph.isEmpty()) {
            code.run();
        }
    }

    @Override
    public void close() {
        graph.ifPresent(Graph::close);
        graph = Optional.empty();
    }
}
