package dev.tandem.engine.nd4j;

import static dev.tandem.model.tensor.Shape.of;

import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Ops.BatchNorm;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operation of the vocabulary, by every operand, against central differences. */
class OpsGradientTest {

    private record Case(String name, GradientCheck.Operation operation, Shape... operands) {}

    /** Lets the cases read as expressions: an operation is generic in the value type, which a lambda cannot be. */
    private abstract static class Op implements GradientCheck.Operation {}

    @TestFactory
    Stream<DynamicTest> gradient_everyOperation_matchesCentralDifferences() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            GradientCheck.check(c.operation, 7, c.operands);
            GradientCheck.check(c.operation, 8, c.operands);
        }));
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("conv2d 4x4 stride 2", conv(2, 1), of(2, 3, 6, 8), of(4, 3, 4, 4), of(4)),
                new Case("conv2d 4x4 stride 2, odd size", conv(2, 1), of(1, 2, 7, 5), of(3, 2, 4, 4), of(3)),
                new Case("conv2d 4x4 stride 1", conv(1, 1), of(2, 2, 5, 5), of(3, 2, 4, 4), of(3)),
                new Case("conv2d 3x3", conv(1, 1), of(2, 2, 4, 5), of(3, 2, 3, 3), of(3)),
                new Case("conv2d 3x3 unpadded", conv(1, 0), of(1, 2, 5, 4), of(2, 2, 3, 3), of(2)),
                new Case("conv2d 1x1", conv(1, 0), of(2, 3, 3, 2), of(2, 3, 1, 1), of(2)),
                new Case("convTranspose2d 4x4 stride 2", convTranspose(), of(2, 3, 3, 4), of(3, 2, 4, 4), of(2)),
                new Case("convTranspose2d 4x4 from 1x1", convTranspose(), of(2, 3, 1, 1), of(3, 2, 4, 4), of(2)),
                new Case("conv2d without bias", conv(2, 1), of(2, 3, 6, 4), of(4, 3, 3, 3)),
                new Case("conv2d 7x7 stride 2", conv(2, 3), of(1, 2, 8, 6), of(3, 2, 7, 7)),
                new Case("upsampledConv2d", upsampledConv(), of(2, 3, 3, 2), of(4, 3, 3, 3), of(4)),
                new Case("upsampledConv2d without bias", upsampledConv(), of(1, 2, 1, 1), of(3, 2, 3, 3)),
                new Case("linear", linear(), of(3, 4), of(2, 4), of(2)),
                new Case("instanceNorm", instanceNorm(), of(2, 3, 4, 3)),
                new Case("instanceNorm of one channel", instanceNorm(), of(1, 1, 4, 4)),
                new Case("batchNorm", batchNorm(1e-5, 1), of(3, 2, 4, 3), of(2), of(2)),
                new Case("batchNorm of two batches", batchNorm(1e-5, 2), of(4, 2, 3, 2), of(2), of(2)),
                new Case("batchNorm of batches of one", batchNorm(1e-5, 2), of(2, 2, 3, 2), of(2), of(2)),
                new Case("batchNorm with a large epsilon", batchNorm(0.8, 1), of(2, 3, 1, 1), of(3), of(3)),
                new Case("elu", elu(), of(2, 3, 4, 4)),
                new Case("softplus", softplus(), of(2, 3, 4, 4)),
                new Case("maxPool", maxPool(), of(1, 2, 4, 3)),
                new Case("reshape", reshape(), of(2, 12)),
                new Case("leakyRelu", leakyRelu(0.2), of(2, 3, 4, 4)),
                new Case("relu", leakyRelu(0), of(2, 3, 4, 4)),
                new Case("tanh", tanh(), of(2, 3, 2, 2)),
                new Case("exp", exp(), of(2, 5)),
                new Case("abs", abs(), of(2, 5)),
                new Case("square", square(), of(2, 5)),
                new Case("add", add(), of(2, 5), of(2, 5)),
                new Case("add to itself", addToItself(), of(2, 5)),
                new Case("subtract", subtract(), of(2, 5), of(2, 5)),
                new Case("multiply", multiply(), of(2, 5), of(2, 5)),
                new Case("affine", affine(), of(2, 5)),
                new Case("concat of images", concat(0), of(2, 3, 2, 2), of(1, 3, 2, 2)),
                new Case("concat of channels", concat(1), of(2, 3, 2, 2), of(2, 1, 2, 2), of(2, 2, 2, 2)),
                new Case("slice", slice(), of(4, 3, 2, 2)),
                new Case("tile", tile(), of(3, 4)),
                new Case("averagePool 3 stride 2", averagePool(3, 2, 1), of(2, 3, 6, 5)),
                new Case("averagePool 2", averagePool(2, 2, 0), of(2, 3, 4, 6)),
                new Case("resample", resample(4, 3), of(2, 3, 4, 3)),
                new Case("resample from 1", resample(1, 1), of(2, 3, 1, 1)),
                new Case("spatialMean", spatialMean(), of(2, 3, 4, 3)),
                new Case("mean", mean(), of(2, 3, 4, 3)));
    }

    private static Op conv(int stride, int padding) {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.conv2d(x.get(0), filter(x), stride, padding);
            }
        };
    }

    private static Op convTranspose() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.convTranspose2d(x.get(0), filter(x), 2, 1);
            }
        };
    }

    /** The operands behind the first: a weight, and perhaps a bias. */
    private static <T> Filter<T> filter(List<T> x) {
        return new Filter<>(x.get(1), x.stream().skip(2).findFirst());
    }

    private static Op upsampledConv() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.upsampledConv2d(x.get(0), filter(x));
            }
        };
    }

    private static Op batchNorm(double epsilon, int batches) {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                // Running statistics move with a step only, and none is taken here.
                return ops.batchNorm(
                        x.get(0), new BatchNorm<>(x.get(1), x.get(2), x.get(1), x.get(2), epsilon), batches);
            }
        };
    }

    private static Op elu() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.elu(x.get(0));
            }
        };
    }

    private static Op softplus() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.softplus(x.get(0));
            }
        };
    }

    private static Op maxPool() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.maxPool(x.get(0), 3, 2, 1);
            }
        };
    }

    private static Op reshape() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.reshape(x.get(0), of(2, 1, 3, 4));
            }
        };
    }

    private static Op linear() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.linear(x.get(0), x.get(1), x.get(2));
            }
        };
    }

    private static Op instanceNorm() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.instanceNorm(x.get(0), 1e-5);
            }
        };
    }

    private static Op leakyRelu(double slope) {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.leakyRelu(x.get(0), slope);
            }
        };
    }

    private static Op tanh() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.tanh(x.get(0));
            }
        };
    }

    private static Op exp() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.exp(x.get(0));
            }
        };
    }

    private static Op abs() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.abs(x.get(0));
            }
        };
    }

    private static Op square() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.square(x.get(0));
            }
        };
    }

    private static Op add() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.add(x.get(0), x.get(1));
            }
        };
    }

    /** A reused operand: its gradients must add up. */
    private static Op addToItself() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.add(ops.add(x.get(0), x.get(0)), ops.square(x.get(0)));
            }
        };
    }

    private static Op subtract() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.subtract(x.get(0), x.get(1));
            }
        };
    }

    private static Op multiply() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.multiply(x.get(0), x.get(1));
            }
        };
    }

    private static Op affine() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.affine(x.get(0), -1.5, 0.25);
            }
        };
    }

    private static Op concat(int axis) {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.concat(axis, x);
            }
        };
    }

    private static Op slice() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.add(ops.slice(x.get(0), 1, 3), ops.slice(x.get(0), 2, 4));
            }
        };
    }

    private static Op tile() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.tile(x.get(0), 3, 2);
            }
        };
    }

    private static Op averagePool(int kernel, int stride, int padding) {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.averagePool(x.get(0), kernel, stride, padding);
            }
        };
    }

    private static Op resample(int height, int width) {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.resample(
                        x.get(0),
                        Resampling.bilinearDoubling(height).then(Resampling.reflectionPad(2 * height)),
                        Resampling.bilinearDoubling(width).then(Resampling.reflectionPad(2 * width)));
            }
        };
    }

    private static Op spatialMean() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.spatialMean(x.get(0));
            }
        };
    }

    private static Op mean() {
        return new Op() {
            @Override
            public <T> T apply(Ops<T> ops, List<T> x) {
                return ops.mean(x.get(0));
            }
        };
    }
}
