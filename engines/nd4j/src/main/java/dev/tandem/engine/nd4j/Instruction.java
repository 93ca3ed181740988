package dev.tandem.engine.nd4j;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One native operation of a program.
 *
 * @param writes results; those that nothing reads are scratch
 * @param inPlace whether the first result may overwrite the first operand
 */
record Instruction(List<Slot> reads, List<Slot> writes, boolean inPlace, Kernel kernel) {

    /** Binds an operation to its arrays, once; the result runs it, often. */
    @FunctionalInterface
    interface Kernel {
        Runnable bind(List<INDArray> reads, List<INDArray> writes);
    }

    /** This instruction, run only under a condition, and what is to be done after it ran. */
    Instruction when(BooleanSupplier condition, Runnable then) {
        return new Instruction(reads, writes, inPlace, (in, out) -> {
            Runnable work = kernel.bind(in, out);
            return new NativeCall(NativeCall.nameOf(work), () -> {
                if (condition.getAsBoolean()) {
                    work.run();
                    then.run();
                }
            });
        });
    }
}
