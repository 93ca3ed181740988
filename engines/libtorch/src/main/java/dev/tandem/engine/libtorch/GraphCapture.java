package dev.tandem.engine.libtorch;

/**
 * Captures the work that code submits to a GPU as a graph, which replays it with one launch.
 *
 * <p>The graph reads and writes the memory that the code used when it was captured. So the code must take its inputs from,
 * and leave its results in, tensors that exist before and after it. All graphs of one capture share the memory in between,
 * and run one after the other.
 */
interface GraphCapture extends AutoCloseable {

    /**
     * Captures the work of code without running it on the GPU.
     *
     * @throws RuntimeException if the work cannot be captured; the GPU can be used as before then
     */
    Graph capture(Runnable code);

    @Override
    void close();

    /** Captured work. */
    interface Graph extends AutoCloseable {

        /** Submits the work to the GPU. */
        void replay();

        @Override
        void close();
    }
}
