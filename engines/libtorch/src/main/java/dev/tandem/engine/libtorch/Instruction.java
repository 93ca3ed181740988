package dev.tandem.engine.libtorch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One operation of a program.
 *
 * @param name name of libtorch's operation
 */
record Instruction(String name, List<Value> operands, Value result, Operation operation) {

    /** Computes the result from the operands. */
    @FunctionalInterface
    interface Operation {
        Tensor apply(List<Tensor> operands);
    }

    /** Runs the operation and frees everything that it allocates except its result, which the caller must close. */
    Tensor run(List<Tensor> tensors) {
        return NativeMemory.keep(() -> operation.apply(tensors));
    }
}
