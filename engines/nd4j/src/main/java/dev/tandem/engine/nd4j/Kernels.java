package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.TransformOp;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/** Bindings of ND4J's native operations. */
final class Kernels {
    private static final long[] NONE = {};

    private Kernels() {}

    static Instruction.Kernel operation(String name, double... arguments) {
        return operation(name, NONE, arguments);
    }

    static Instruction.Kernel operation(String name, long[] integers, double... arguments) {
        return (reads, writes) -> bind(name, reads, writes, integers, arguments);
    }

    /** Binds a native operation. Builds its context here, once: that takes longer than a small operation itself. */
    static Runnable bind(
            String name, List<INDArray> reads, List<INDArray> writes, long[] integers, double... arguments) {
        DynamicCustomOp operation = DynamicCustomOp.builder(name).build();
        OpExecutioner executioner = Nd4j.getExecutioner();
        OpContext context = executioner.buildContext();
        context.setInputArrays(reads);
        context.setOutputArrays(writes);
        context.setIArguments(integers);
        context.setTArguments(arguments);
        return new NativeCall(name, () -> executioner.exec(operation, context));
    }

    /** Binds one of ND4J's older element-wise operations, which have no context. */
    static Instruction.Kernel transform(BiFunction<INDArray, INDArray, TransformOp> operation) {
        return (reads, writes) -> {
            TransformOp bound = operation.apply(reads.get(0), writes.get(0));
            return new NativeCall(bound.opName(), () -> Nd4j.getExecutioner().exec(bound));
        };
    }

    /** {@code to = from}. */
    static Runnable copy(List<INDArray> reads, List<INDArray> writes) {
        INDArray from = reads.get(0);
        INDArray to = writes.get(0);
        return new NativeCall("copy", () -> to.assign(from));
    }

    /** {@code to = scale from}; the two may be the same array. */
    static Runnable scale(INDArray from, INDArray to, double scale) {
        ScalarMultiplication operation = new ScalarMultiplication(from, null, to, scale);
        return new NativeCall("scale", () -> Nd4j.getExecutioner().exec(operation));
    }

    /** {@code to = from + shift}; the two may be the same array. */
    static Runnable shift(INDArray from, INDArray to, double shift) {
        ScalarAdd operation = new ScalarAdd(from, null, to, shift);
        return new NativeCall("shift", () -> Nd4j.getExecutioner().exec(operation));
    }

    /** {@code to = from > 0 ? 1 : 0}. */
    static Runnable step(INDArray from, INDArray to) {
        Step operation = new Step(from, to, 0);
        return new NativeCall("step", () -> Nd4j.getExecutioner().exec(operation));
    }

    /** {@code to = max(from, minimum)}; the two may be the same array. */
    static Runnable atLeast(INDArray from, INDArray to, double minimum) {
        ScalarMax operation = new ScalarMax(from, null, to, minimum);
        return new NativeCall("at least", () -> Nd4j.getExecutioner().exec(operation));
    }

    /** Several bound operations, which are measured as one. */
    static Runnable sequence(String name, Runnable... operations) {
        List<Runnable> all = List.of(operations);
        return new NativeCall(name, () -> all.forEach(Runnable::run));
    }

    /** The elements of a contiguous array in another shape, without a copy. */
    static INDArray view(INDArray array, int... dimensions) {
        return array.reshape('c', Arrays.stream(dimensions).asLongStream().toArray());
    }

    static long[] dimensions(Shape shape) {
        return shape.dimensions().stream().mapToLong(Integer::longValue).toArray();
    }
}
