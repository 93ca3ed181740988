package dev.tandem.model.engine;

import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Tensor;

/** A tensor on its way to a device, for runs of programs until it is closed. */
public interface StagedInput extends AutoCloseable {

    /** The tensor as an input. Runs that read it wait on the device until it has arrived. */
    Input input();

    @Override
    void close();

    /** A tensor that stays on the heap until a program runs. */
    static StagedInput onHeap(Tensor tensor) {
        return new StagedInput() {
            @Override
            public Input input() {
                return tensor;
            }

            @Override
            public void close() {
                // The heap frees it.
            }
        };
    }
}
