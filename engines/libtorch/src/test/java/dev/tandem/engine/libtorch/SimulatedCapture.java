package dev.tandem.engine.libtorch;

import java.util.ArrayList;
import java.util.List;

/** Captures work on the CPU: a graph replays the code of the run in which it was captured. Counts what happens. */
final class SimulatedCapture implements GraphCapture {
    private final List<String> events = new ArrayList<>();

    /** In their order: {@code capture}, {@code replay}, {@code close graph} and {@code close}. */
    List<String> events() {
        return events;
    }

    @Override
    public Graph capture(Runnable code) {
        events.add("capture");
        return new Graph() {
            @Override
            public void replay() {
                events.add("replay");
                code.run();
            }

            @Override
            public void close() {
                events.add("close graph");
            }
        };
    }

    @Override
    public void close() {
        events.add("close");
    }

    /** Fails after the code has run, as CUDA does when a capture ends. */
    static GraphCapture failing(RuntimeException failure) {
        return new GraphCapture() {
            @Override
            public Graph capture(Runnable code) {
                code.run();
                throw failure;
            }

            @Override
            public void close() {
                // Nothing was captured.
            }
        };
    }
}
