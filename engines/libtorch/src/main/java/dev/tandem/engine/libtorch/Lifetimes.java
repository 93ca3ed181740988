package dev.tandem.engine.libtorch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Until when a run needs the results of its instructions. */
final class Lifetimes {
    private final List<Instruction> instructions;
    /** By instruction: the indices of the values that no later one reads. */
    private final List<List<Integer>> ending;

    private Lifetimes(List<Instruction> instructions, List<List<Integer>> ending) {
        this.instructions = instructions;
        this.ending = ending;
    }

    /** @param outputs values that are needed until the end of the run */
    static Lifetimes of(List<Instruction> instructions, List<Value> outputs) {
        Map<Integer, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < instructions.size(); i++) {
            int position = i;
            lastUse.put(instructions.get(i).result().index(), position);
            instructions
                    .get(i)
                    .operands()
                    .forEach(operand -> lastUse.computeIfPresent(operand.index(), (index, earlier) -> position));
        }
        Set<Integer> results = new HashSet<>(outputs.stream().map(Value::index).toList());
        List<List<Integer>> ending = new ArrayList<>();
        instructions.forEach(instruction -> ending.add(new ArrayList<>()));
        lastUse.forEach((index, position) -> {
            if (!results.contains(index)) {
                ending.get(position).add(index);
            }
        });
        return new Lifetimes(instructions, ending);
    }

    List<Integer> endingAt(int instruction) {
        return ending.get(instruction);
    }

    /**
     * The greatest number of elements that exist at the same time.
     *
     * @param differentiated whether autograd keeps all values for the gradients
     */
    long peakElements(boolean differentiated) {
        Map<Integer, Integer> sizes = new HashMap<>();
        instructions.forEach(instruction -> sizes.put(
                instruction.result().index(), instruction.result().shape().size()));
        long live = 0;
        long peak = 0;
        for (int i = 0; i < instructions.size(); i++) {
            live += sizes.get(instructions.get(i).result().index());
            peak = Math.max(peak, live);
            if (!differentiated) {
                live -= ending.get(i).stream().mapToLong(sizes::get).sum();
            }
        }
        return peak;
    }
}
