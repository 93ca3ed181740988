package dev.tandem.model.engine.nd4j;

import java.util.List;
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
}
