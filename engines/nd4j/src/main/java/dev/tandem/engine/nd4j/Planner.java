package dev.tandem.engine.nd4j;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Allocates a buffer for each slot of a program and binds its instructions to them. A buffer becomes free after the last
 * instruction that reads it.
 */
final class Planner {
    private final BufferPool.FreeList freeList;
    private final UnaryOperator<Runnable> instrument;
    private final Map<Slot, INDArray> arrays;
    private final Map<Slot, INDArray> buffers = new IdentityHashMap<>();
    private final Map<Slot, Integer> lastUse = new IdentityHashMap<>();
    private final List<Runnable> operations = new ArrayList<>();

    /**
     * Plans and binds a program.
     *
     * @param externalArrays slots that have an array outside the program
     * @param retained slots whose buffers are never reused: inputs
     * @param instrument wraps each bound operation
     */
    Planner(
            BufferPool pool,
            List<Instruction> instructions,
            Map<Slot, INDArray> externalArrays,
            Set<Slot> retained,
            UnaryOperator<Runnable> instrument) {
        this.instrument = instrument;
        this.freeList = pool.freeList();
        this.arrays = new IdentityHashMap<>(externalArrays);
        for (int i = 0; i < instructions.size(); i++) {
            int index = i;
            instructions.get(i).writes().forEach(slot -> lastUse.put(slot, index));
            instructions.get(i).reads().forEach(slot -> lastUse.put(slot, index));
        }
        retained.forEach(slot -> lastUse.put(slot, Integer.MAX_VALUE));
        retained.forEach(this::allocate);
        for (int i = 0; i < instructions.size(); i++) {
            bind(instructions.get(i), i);
        }
    }

    /** The instructions, in order, bound to their arrays. */
    List<Runnable> operations() {
        return operations;
    }

    INDArray array(Slot slot) {
        return arrays.get(slot);
    }

    private void bind(Instruction instruction, int index) {
        if (instruction.inPlace()) {
            reuseBuffer(instruction.reads().get(0), instruction.writes().get(0), index);
        }
        instruction.writes().forEach(this::allocate);
        operations.add(instrument.apply(instruction
                .kernel()
                .bind(
                        instruction.reads().stream().map(this::array).toList(),
                        instruction.writes().stream().map(this::array).toList())));
        instruction.reads().forEach(slot -> releaseAfterLastUse(slot, index));
        instruction.writes().forEach(slot -> releaseAfterLastUse(slot, index));
    }

    /** Gives the result the buffer of an operand that no later instruction reads. */
    private void reuseBuffer(Slot operand, Slot result, int index) {
        if (lastUse.get(operand) == index
                && buffers.containsKey(operand)
                && !arrays.containsKey(result)
                && operand.shape().equals(result.shape())) {
            buffers.put(result, buffers.remove(operand));
            arrays.put(result, arrays.get(operand));
        }
    }

    private void allocate(Slot slot) {
        if (!arrays.containsKey(slot)) {
            int size = slot.shape().size();
            INDArray buffer = freeList.acquire(size);
            buffers.put(slot, buffer);
            arrays.put(slot, buffer.get(NDArrayIndex.interval(0, size)).reshape('c', Kernels.dimensions(slot.shape())));
        }
    }

    private void releaseAfterLastUse(Slot slot, int index) {
        if (lastUse.get(slot) == index && buffers.containsKey(slot)) {
            freeList.release(buffers.remove(slot));
        }
    }
}
