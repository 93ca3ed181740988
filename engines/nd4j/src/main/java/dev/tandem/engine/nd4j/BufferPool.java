package dev.tandem.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The engine's scratch memory. Programs run one after the other, so they share it; fresh memory for every
 * intermediate would cost more in page faults than the arithmetic.
 */
final class BufferPool {
    /** A larger buffer serves if at most this many times too large. */
    private static final int WASTE = 2;

    private final DataType type;
    private final MemoryBudget memory;
    private final List<INDArray> all = new ArrayList<>();

    BufferPool(DataType type, MemoryBudget memory) {
        this.type = type;
        this.memory = memory;
    }

    /** All buffers, free, for one program's plan. */
    Lease lease() {
        return new Lease();
    }

    void close() {
        all.forEach(INDArray::close);
        all.clear();
    }

    /** What is free while one program is planned. */
    final class Lease {
        private final TreeMap<Long, List<INDArray>> free = new TreeMap<>();

        private Lease() {
            all.forEach(this::release);
        }

        INDArray acquire(long size) {
            Map.Entry<Long, List<INDArray>> fit = free.ceilingEntry(size);
            if (fit == null || fit.getKey() > WASTE * size) {
                memory.reserve(size * type.width());
                INDArray fresh = Nd4j.createUninitializedDetached(type, size);
                all.add(fresh);
                return fresh;
            }
            INDArray buffer = fit.getValue().remove(fit.getValue().size() - 1);
            if (fit.getValue().isEmpty()) {
                free.remove(fit.getKey());
            }
            return buffer;
        }

        void release(INDArray buffer) {
            free.computeIfAbsent(buffer.length(), length -> new ArrayList<>()).add(buffer);
        }
    }
}
