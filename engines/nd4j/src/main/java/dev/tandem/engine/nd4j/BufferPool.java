package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.MemoryBudget;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for the intermediate values of an engine's programs. Programs run one after the other, so they share it: the page
 * faults of new memory for each intermediate value would cost more than the arithmetic.
 */
final class BufferPool {
    /** A buffer is reused for a value if it is at most this many times as large as the value. */
    private static final int MAX_OVERSIZE = 2;

    private final DataType type;
    private final MemoryBudget memory;
    private final List<INDArray> all = new ArrayList<>();
    private final List<INDArray> shared = new ArrayList<>();

    BufferPool(DataType type, MemoryBudget memory) {
        this.type = type;
        this.memory = memory;
    }

    /** A list of all shared buffers, for planning one program. */
    FreeList freeList() {
        return new FreeList();
    }

    /** Memory that programs do not share, for instance for a result that another program reads. */
    INDArray dedicated(Shape shape) {
        return allocate(shape.size()).reshape('c', Kernels.dimensions(shape));
    }

    private INDArray allocate(long size) {
        memory.reserve(size * type.width());
        INDArray allocated = Nd4j.createUninitializedDetached(type, size);
        all.add(allocated);
        return allocated;
    }

    void close() {
        all.forEach(INDArray::close);
        all.clear();
        shared.clear();
    }

    /** The buffers that are free while one program is planned, by length. */
    final class FreeList {
        private final TreeMap<Long, List<INDArray>> free = new TreeMap<>();

        private FreeList() {
            shared.forEach(this::release);
        }

        /** Takes a buffer of at least {@code size} elements. Allocates one if none fits. */
        INDArray acquire(long size) {
            Map.Entry<Long, List<INDArray>> smallest = free.ceilingEntry(size);
            if (smallest == null || smallest.getKey() > MAX_OVERSIZE * size) {
                INDArray allocated = allocate(size);
                shared.add(allocated);
                return allocated;
            }
            INDArray buffer = smallest.getValue().remove(smallest.getValue().size() - 1);
            if (smallest.getValue().isEmpty()) {
                free.remove(smallest.getKey());
            }
            return buffer;
        }

        void release(INDArray buffer) {
            free.computeIfAbsent(buffer.length(), length -> new ArrayList<>()).add(buffer);
        }
    }
}
