package dev.tandem.engine.nd4j;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One native operation of a program.
 *
 * @param reads operands
 * @param writes results; a result that no instruction reads is scratch memory
 * @param inPlace whether the first result may overwrite the first operand
 */
record Instruction(List<Slot> reads, List<Slot> writes, boolean inPlace, Kernel kernel) {

    /** Binds an operation to its arrays once, so that the bound operation can run often. */
    @FunctionalInterface
    interface Kernel {
        Runnable bind(List<INDArray> reads, List<INDArray> writes);
    }

    /** This instruction, which runs only if a condition is true, followed by an action. */
    Instruction onlyIf(BooleanSupplier condition, Runnable followedBy) {
        return new Instruction(reads, writes, inPlace, (in, out) -> {
            Runnable operation = kernel.bind(in, out);
            return new NativeCall(NativeCall.nameOf(operation), () -> {
                if (condition.getAsBoolean()) {
                    operation.run();
                    followedBy.run();
                }
            });
        });
    }
}
