package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J's matrix product. */
final class Matmul {

    /** Which operand is transposed before the multiplication. */
    enum Transpose {
        NONE(0, 0),
        LEFT(1, 0),
        RIGHT(0, 1);

        private final long[] arguments;

        Transpose(long left, long right) {
            this.arguments = new long[] {left, right, 0};
        }
    }

    private Matmul() {}

    /** Emits the product of two values, seen as (m, k) and (k, n) matrices. */
    static Slot emit(Tape tape, Slot left, Slot right, int m, int k, int n, Shape result) {
        return tape.emit(
                result,
                List.of(left, right),
                (reads, writes) -> bind(
                        Kernels.view(reads.get(0), m, k),
                        Kernels.view(reads.get(1), k, n),
                        Kernels.view(writes.get(0), m, n),
                        Transpose.NONE));
    }

    static Instruction.Kernel kernel(Transpose transpose) {
        return (reads, writes) -> bind(reads.get(0), reads.get(1), writes.get(0), transpose);
    }

    static Runnable bind(INDArray left, INDArray right, INDArray result, Transpose transpose) {
        return Kernels.bind("matmul", List.of(left, right), List.of(result), transpose.arguments);
    }
}
