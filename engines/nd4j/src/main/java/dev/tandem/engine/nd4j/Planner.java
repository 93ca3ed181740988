package dev.tandem.engine.nd4j;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Gives every slot of a program a place in memory: a buffer is free again after the last instruction that reads it. */
final class Planner {
    private final BufferPool.Lease lease;
    private final UnaryOperator<Runnable> watched;
    private final Map<Slot, INDArray> arrays;
    private final Map<Slot, INDArray> buffers = new IdentityHashMap<>();
    private final Map<Slot, Integer> lastUse = new IdentityHashMap<>();
    private final List<Runnable> bound = new ArrayList<>();

    /**
     * Plans and binds a program.
     *
     * @param kept slots that must survive the whole program: its inputs and outputs
     * @param watched what is run in an instruction's place
     */
    Planner(
            BufferPool pool,
            List<Instruction> instructions,
            Map<Slot, INDArray> fixed,
            Set<Slot> kept,
            UnaryOperator<Runnable> watched) {
        this.watched = watched;
        this.lease = pool.lease();
        this.arrays = new IdentityHashMap<>(fixed);
        for (int i = 0; i < instructions.size(); i++) {
            int index = i;
            instructions.get(i).writes().forEach(slot -> lastUse.put(slot, index));
            instructions.get(i).reads().forEach(slot -> lastUse.put(slot, index));
        }
        kept.forEach(slot -> lastUse.put(slot, Integer.MAX_VALUE));
        kept.forEach(this::place);
        for (int i = 0; i < instructions.size(); i++) {
            bind(instructions.get(i), i);
        }
    }

    /** The program, in order, bound to its arrays. */
    List<Runnable> bound() {
        return bound;
    }

    INDArray array(Slot slot) {
        return arrays.get(slot);
    }

    private void bind(Instruction instruction, int index) {
        if (instruction.inPlace()) {
            overwrite(instruction.reads().get(0), instruction.writes().get(0), index);
        }
        instruction.writes().forEach(this::place);
        bound.add(watched.apply(instruction
                .kernel()
                .bind(
                        instruction.reads().stream().map(this::array).toList(),
                        instruction.writes().stream().map(this::array).toList())));
        instruction.reads().forEach(slot -> releaseAfter(slot, index));
        instruction.writes().forEach(slot -> releaseAfter(slot, index));
    }

    /** Lets a result take over the buffer of an operand that nothing reads later. */
    private void overwrite(Slot operand, Slot result, int index) {
        if (lastUse.get(operand) == index
                && buffers.containsKey(operand)
                && !arrays.containsKey(result)
                && operand.shape().equals(result.shape())) {
            buffers.put(result, buffers.remove(operand));
            arrays.put(result, arrays.get(operand));
        }
    }

    private void place(Slot slot) {
        if (!arrays.containsKey(slot)) {
            int size = slot.shape().size();
            INDArray buffer = lease.acquire(size);
            buffers.put(slot, buffer);
            arrays.put(
                    slot, buffer.get(NDArrayIndex.interval(0, size)).reshape('c', Nd4jVariables.longs(slot.shape())));
        }
    }

    private void releaseAfter(Slot slot, int index) {
        if (lastUse.get(slot) == index && buffers.containsKey(slot)) {
            lease.release(buffers.remove(slot));
        }
    }
}
