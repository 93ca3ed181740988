package dev.tandem.engine.libtorch;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** The outputs of a program's last run. */
final class ProgramOutputs implements AutoCloseable {
    private final boolean fixed;
    /** By index of the value. */
    private final Map<Integer, Tensor> tensors = new HashMap<>();

    /** @param fixed whether every run must leave its outputs in the same memory, which a graph needs */
    ProgramOutputs(boolean fixed) {
        this.fixed = fixed;
    }

    /** Prepares for a run: frees outputs that the run will not overwrite. */
    void prepare() {
        if (!fixed) {
            close();
        }
    }

    /** Keeps an output until the next run, without the values from which autograd would compute gradients. */
    void keep(Value value, Tensor computed) {
        if (!fixed) {
            tensors.put(value.index(), NativeMemory.keep(computed::detach));
        } else if (tensors.containsKey(value.index())) {
            NativeMemory.free(() -> tensor(value).copy_(computed.detach()));
        } else {
            tensors.put(value.index(), NativeMemory.keep(() -> computed.detach().clone()));
        }
    }

    Tensor tensor(Value value) {
        return tensors.get(value.index());
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
    }
}
