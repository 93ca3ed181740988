package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Compares the gradient of one operation by each operand with central differences, in double precision. */
final class GradientCheck {
    private static final double STEP = 1.0 / 1024;
    private static final double GRID = 1.0 / 64;
    private static final String COEFFICIENTS = "coefficients";

    private GradientCheck() {}

    /** An operation on operands. {@code Object} stands for the value type of an engine: a lambda cannot be generic. */
    @FunctionalInterface
    interface Operation {
        Object apply(Ops<Object> ops, List<Object> operands);
    }

    static void check(Engine engine, Operation operation, long seed, Shape... operands) {
        Random random = new Random(seed);
        Variables variables = engine.allocate(specs(operands));
        variables.specs().forEach(spec -> variables.write(Kind.VALUE, spec.name(), grid(spec.shape(), random)));
        Program program = engine.compile(new WeightedMean(operation, variables));
        Map<String, Tensor> inputs =
                Map.of(COEFFICIENTS, coefficients(program.inputs().get(COEFFICIENTS), seed + 1));
        program.differentiate(inputs);
        CentralDifference difference = new CentralDifference(program, inputs, variables, STEP);
        for (ParameterSpec spec : variables.specs()) {
            Tensor gradient = variables.read(Kind.GRADIENT, spec.name());
            for (int i = 0; i < gradient.data().length; i++) {
                assertThat((double) gradient.data()[i])
                        .as("gradient of %s[%d], seed %d", spec.name(), i, seed)
                        .isCloseTo(difference.by(spec, i), within(2e-5));
            }
        }
    }

    /** Multiples of 1/64 except 0: exact in float32, and farther from a kink at 0 than the step of the difference. */
    private static Tensor grid(Shape shape, Random random) {
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            int multiple = 1 + random.nextInt(96);
            data[i] = (float) (GRID * (random.nextBoolean() ? multiple : -multiple));
        }
        return new Tensor(shape, data);
    }

    /** Uniform in [-1, 1). */
    private static Tensor coefficients(Shape shape, long seed) {
        double[] values = new Random(seed).doubles(shape.size(), -1, 1).toArray();
        float[] data = new float[values.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) values[i];
        }
        return new Tensor(shape, data);
    }

    private static List<ParameterSpec> specs(Shape... operands) {
        List<ParameterSpec> specs = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            specs.add(new ParameterSpec("operand" + i, operands[i], Initializer.ZEROS, true));
        }
        return specs;
    }

    /** {@code mean(coefficients result)}: with fixed random coefficients the gradients of all elements differ. */
    private record WeightedMean(Operation operation, Variables variables) implements Phase {
        @Override
        public String name() {
            return "weighted mean";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            List<Object> operands = variables.specs().stream()
                    .<Object>map(spec -> graph.trainable(variables).get(spec))
                    .toList();
            T result = apply(graph.ops(), operands);
            T coefficients = graph.input(COEFFICIENTS, graph.ops().shape(result));
            T weighted = graph.ops().multiply(result, coefficients);
            return new Outputs<>(Map.of(Outputs.LOSS, graph.ops().mean(weighted)), Map.of());
        }

        /** The operation only combines operands and results of these same operations, so the casts are safe. */
        @SuppressWarnings("unchecked")
        private <T> T apply(Ops<T> ops, List<Object> operands) {
            return (T) operation.apply((Ops<Object>) ops, operands);
        }
    }
}
