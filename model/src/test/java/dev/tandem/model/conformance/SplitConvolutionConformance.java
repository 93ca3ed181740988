package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A convolution with a large weight equals the same convolution computed in parts with small weights, gradients included. An
 * engine may choose its algorithm by the size of the weight; this compares both.
 */
public abstract class SplitConvolutionConformance extends EngineConformance {
    /** Number of parts into which a weight is split. */
    public static final int PARTS = 4;

    private static final int IMAGES = 3;

    protected SplitConvolutionConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** A convolution, the shape of its weight and the side of its input. */
    public enum Operation {
        HALVING(Shape.of(64, 128, 4, 4), 4),
        SAME_SIZE(Shape.of(96, 160, 3, 3), 2),
        UPSAMPLED(Shape.of(128, 128, 3, 3), 2),
        DOUBLING(Shape.of(128, 64, 4, 4), 2);

        private final Shape weight;
        private final int side;

        Operation(Shape weight, int side) {
            this.weight = weight;
            this.side = side;
        }

        /** (O, I, K, K), of the transposed convolution (I, O, K, K). */
        public Shape weight() {
            return weight;
        }

        int inputChannels() {
            return weight.dim(this == DOUBLING ? 0 : 1);
        }

        int outputChannels() {
            return weight.dim(this == DOUBLING ? 1 : 0);
        }

        <T> T apply(Ops<T> ops, T x, T weight, Optional<T> bias) {
            Filter<T> filter = new Filter<>(weight, bias);
            return switch (this) {
                case HALVING -> ops.conv2d(x, filter, 2, 1);
                case SAME_SIZE -> ops.conv2d(x, filter, 1, 1);
                case UPSAMPLED -> ops.upsampledConv2d(x, filter);
                case DOUBLING -> ops.convTranspose2d(x, filter, 2, 1);
            };
        }
    }

    /** The convolution, whole or in parts. Its images are joined from {@link #PARTS} groups of channels. */
    private record ConvolutionPhase(Operation operation, Variables variables, boolean split) implements Phase {
        @Override
        public String name() {
            return operation + (split ? " in parts" : "");
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            Ops<T> ops = graph.ops();
            List<T> values = variables.specs().stream()
                    .map(spec -> graph.trainable(variables).get(spec))
                    .toList();
            T weight = values.get(1);
            List<T> channelGroups = parts(ops, values.get(0), IMAGES);
            T x = ops.concat(1, channelGroups);
            T result = split
                    ? inParts(ops, channelGroups, x, weight, values.get(2))
                    : operation.apply(ops, x, weight, Optional.of(values.get(2)));
            T loss = ops.mean(ops.multiply(result, graph.input("coefficients", ops.shape(result))));
            return new Outputs<>(Map.of(Outputs.LOSS, loss), Map.of("result", result));
        }

        /**
         * Splits the first dimension of the weight. That is the output channels, whose parts are joined; for the transposed
         * convolution it is the input channels, whose parts add up.
         */
        private <T> T inParts(Ops<T> ops, List<T> channelGroups, T x, T weight, T bias) {
            List<T> weights = parts(ops, weight, ops.shape(weight).dim(0) / PARTS);
            if (operation == Operation.DOUBLING) {
                T sum = operation.apply(ops, channelGroups.get(0), weights.get(0), Optional.of(bias));
                for (int i = 1; i < PARTS; i++) {
                    sum = ops.add(sum, operation.apply(ops, channelGroups.get(i), weights.get(i), Optional.empty()));
                }
                return sum;
            }
            List<T> biases = parts(ops, bias, operation.outputChannels() / PARTS);
            return ops.concat(
                    1,
                    IntStream.range(0, PARTS)
                            .mapToObj(i -> operation.apply(ops, x, weights.get(i), Optional.of(biases.get(i))))
                            .toList());
        }

        private static <T> List<T> parts(Ops<T> ops, T whole, int size) {
            return IntStream.range(0, PARTS)
                    .mapToObj(i -> ops.slice(whole, i * size, (i + 1) * size))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void convolution_inParts_equalsTheWhole(Operation operation) {
        Map<String, Tensor> whole = resultAndGradients(operation, false);
        Map<String, Tensor> inParts = resultAndGradients(operation, true);

        assertThat(inParts.keySet()).isEqualTo(whole.keySet()).hasSize(4);
        whole.forEach((name, tensor) -> assertThat(inParts.get(name).data())
                .as(name)
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(tensor.data()));
    }

    /** The result, and the gradients of images, weight and bias. */
    private Map<String, Tensor> resultAndGradients(Operation operation, boolean split) {
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Variables variables = engine.allocate(List.of(
                    spec(
                            "x",
                            Shape.of(
                                    PARTS * IMAGES, operation.inputChannels() / PARTS, operation.side, operation.side)),
                    spec("weight", operation.weight),
                    spec("bias", Shape.of(operation.outputChannels()))));
            for (ParameterSpec spec : variables.specs()) {
                variables.write(Kind.VALUE, spec.name(), Noise.gaussian(spec.shape(), 1, spec.name()));
            }
            Program program = engine.compile(new ConvolutionPhase(operation, variables, split));
            Shape shape = program.inputs().get("coefficients");
            Map<String, Tensor> results = new LinkedHashMap<>();
            program.differentiate(Map.of("coefficients", Noise.gaussian(shape, 1, "direction")))
                    .tensors()
                    .forEach((name, tensor) -> results.put(name, tensor.read()));
            variables.specs().forEach(spec -> results.put(spec.name(), variables.read(Kind.GRADIENT, spec.name())));
            return results;
        }
    }

    private static ParameterSpec spec(String name, Shape shape) {
        return new ParameterSpec(name, shape, Initializer.ZEROS, true);
    }
}
