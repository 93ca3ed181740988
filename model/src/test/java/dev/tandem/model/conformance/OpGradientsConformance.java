package dev.tandem.model.conformance;

import static dev.tandem.model.tensor.Shape.of;

import dev.tandem.model.conformance.GradientCheck.Operation;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Ops.BatchNorm;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The gradient of every operation of {@code Ops} by every operand, compared with central differences. */
public abstract class OpGradientsConformance extends EngineConformance {

    protected OpGradientsConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    private record Case(String name, Operation operation, Shape... operands) {}

    @TestFactory
    Stream<DynamicTest> gradient_everyOperation_matchesCentralDifferences() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            try (Engine engine = engineUnderTest().openDoublePrecision()) {
                GradientCheck.check(engine, c.operation, 7, c.operands);
                GradientCheck.check(engine, c.operation, 8, c.operands);
            }
        }));
    }

    private static Stream<Case> cases() {
        // "add to itself": the gradients of an operand that is used more than once must add up.
        return Stream.of(
                new Case("conv2d 4x4 stride 2", conv(2, 1), of(2, 3, 6, 8), of(4, 3, 4, 4), of(4)),
                new Case("conv2d 4x4 stride 2, odd size", conv(2, 1), of(1, 2, 7, 5), of(3, 2, 4, 4), of(3)),
                new Case("conv2d 4x4 stride 1", conv(1, 1), of(2, 2, 5, 5), of(3, 2, 4, 4), of(3)),
                new Case("conv2d 3x3", conv(1, 1), of(2, 2, 4, 5), of(3, 2, 3, 3), of(3)),
                new Case("conv2d 3x3 unpadded", conv(1, 0), of(1, 2, 5, 4), of(2, 2, 3, 3), of(2)),
                new Case("conv2d 1x1", conv(1, 0), of(2, 3, 3, 2), of(2, 3, 1, 1), of(2)),
                new Case(
                        "convTranspose2d 4x4 stride 2",
                        (ops, x) -> ops.convTranspose2d(x.get(0), filter(x), 2, 1),
                        of(2, 3, 3, 4),
                        of(3, 2, 4, 4),
                        of(2)),
                new Case(
                        "convTranspose2d 4x4 from 1x1",
                        (ops, x) -> ops.convTranspose2d(x.get(0), filter(x), 2, 1),
                        of(2, 3, 1, 1),
                        of(3, 2, 4, 4),
                        of(2)),
                new Case("conv2d without bias", conv(2, 1), of(2, 3, 6, 4), of(4, 3, 3, 3)),
                new Case("conv2d 7x7 stride 2", conv(2, 3), of(1, 2, 8, 6), of(3, 2, 7, 7)),
                new Case(
                        "upsampledConv2d",
                        (ops, x) -> ops.upsampledConv2d(x.get(0), filter(x)),
                        of(2, 3, 3, 2),
                        of(4, 3, 3, 3),
                        of(4)),
                new Case(
                        "upsampledConv2d without bias",
                        (ops, x) -> ops.upsampledConv2d(x.get(0), filter(x)),
                        of(1, 2, 1, 1),
                        of(3, 2, 3, 3)),
                new Case("linear", (ops, x) -> ops.linear(x.get(0), x.get(1), x.get(2)), of(3, 4), of(2, 4), of(2)),
                new Case("instanceNorm", (ops, x) -> ops.instanceNorm(x.get(0), 1e-5), of(2, 3, 4, 3)),
                new Case("instanceNorm of one channel", (ops, x) -> ops.instanceNorm(x.get(0), 1e-5), of(1, 1, 4, 4)),
                new Case("batchNorm", batchNorm(1e-5, 1), of(3, 2, 4, 3), of(2), of(2)),
                new Case("batchNorm of two batches", batchNorm(1e-5, 2), of(4, 2, 3, 2), of(2), of(2)),
                new Case("batchNorm of batches of one", batchNorm(1e-5, 2), of(2, 2, 3, 2), of(2), of(2)),
                new Case("batchNorm with a large epsilon", batchNorm(0.8, 1), of(2, 3, 1, 1), of(3), of(3)),
                new Case("elu", (ops, x) -> ops.elu(x.get(0)), of(2, 3, 4, 4)),
                new Case("softplus", (ops, x) -> ops.softplus(x.get(0)), of(2, 3, 4, 4)),
                new Case("maxPool", (ops, x) -> ops.maxPool(x.get(0), 3, 2, 1), of(1, 2, 4, 3)),
                new Case("reshape", (ops, x) -> ops.reshape(x.get(0), of(2, 1, 3, 4)), of(2, 12)),
                new Case("leakyRelu", (ops, x) -> ops.leakyRelu(x.get(0), 0.2), of(2, 3, 4, 4)),
                new Case("relu", (ops, x) -> ops.leakyRelu(x.get(0), 0), of(2, 3, 4, 4)),
                new Case("tanh", (ops, x) -> ops.tanh(x.get(0)), of(2, 3, 2, 2)),
                new Case("exp", (ops, x) -> ops.exp(x.get(0)), of(2, 5)),
                new Case("abs", (ops, x) -> ops.abs(x.get(0)), of(2, 5)),
                new Case("square", (ops, x) -> ops.square(x.get(0)), of(2, 5)),
                new Case("add", (ops, x) -> ops.add(x.get(0), x.get(1)), of(2, 5), of(2, 5)),
                new Case(
                        "add to itself",
                        (ops, x) -> ops.add(ops.add(x.get(0), x.get(0)), ops.square(x.get(0))),
                        of(2, 5)),
                new Case("subtract", (ops, x) -> ops.subtract(x.get(0), x.get(1)), of(2, 5), of(2, 5)),
                new Case("multiply", (ops, x) -> ops.multiply(x.get(0), x.get(1)), of(2, 5), of(2, 5)),
                new Case("affine", (ops, x) -> ops.affine(x.get(0), -1.5, 0.25), of(2, 5)),
                new Case("concat of images", (ops, x) -> ops.concat(0, x), of(2, 3, 2, 2), of(1, 3, 2, 2)),
                new Case(
                        "concat of channels",
                        (ops, x) -> ops.concat(1, x),
                        of(2, 3, 2, 2),
                        of(2, 1, 2, 2),
                        of(2, 2, 2, 2)),
                new Case(
                        "slice",
                        (ops, x) -> ops.add(ops.slice(x.get(0), 1, 3), ops.slice(x.get(0), 2, 4)),
                        of(4, 3, 2, 2)),
                new Case("tile", (ops, x) -> ops.tile(x.get(0), 3, 2), of(3, 4)),
                new Case("averagePool 3 stride 2", (ops, x) -> ops.averagePool(x.get(0), 3, 2, 1), of(2, 3, 6, 5)),
                new Case("averagePool 2", (ops, x) -> ops.averagePool(x.get(0), 2, 2, 0), of(2, 3, 4, 6)),
                new Case("resample", resample(4, 3), of(2, 3, 4, 3)),
                new Case("resample from 1", resample(1, 1), of(2, 3, 1, 1)),
                new Case("spatialMean", (ops, x) -> ops.spatialMean(x.get(0)), of(2, 3, 4, 3)),
                new Case("mean", (ops, x) -> ops.mean(x.get(0)), of(2, 3, 4, 3)));
    }

    private static Operation conv(int stride, int padding) {
        return (ops, x) -> ops.conv2d(x.get(0), filter(x), stride, padding);
    }

    /** The operands after the first one: a weight, and a bias if there is one. */
    private static Filter<Object> filter(List<Object> x) {
        return new Filter<>(x.get(1), x.stream().skip(2).findFirst());
    }

    /** The parameters also stand for the running statistics: only an update changes those, and the check does none. */
    private static Operation batchNorm(double epsilon, int batches) {
        return (ops, x) ->
                ops.batchNorm(x.get(0), new BatchNorm<>(x.get(1), x.get(2), x.get(1), x.get(2), epsilon), batches);
    }

    private static Operation resample(int height, int width) {
        return (ops, x) -> ops.resample(
                x.get(0),
                Resampling.bilinearDoubling(height).then(Resampling.reflectionPad(2 * height)),
                Resampling.bilinearDoubling(width).then(Resampling.reflectionPad(2 * width)));
    }
}
