package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.nd4j.linalg.api.buffer.DataType;

/** Compares an operation's gradient by every operand with central differences, in double precision. */
final class GradientCheck {
    private static final double STEP = 1.0 / 1024;
    private static final double GRID = 1.0 / 64;

    private GradientCheck() {}

    /** An operation on operands, for every engine. */
    interface Operation {
        <T> T apply(Ops<T> ops, List<T> operands);
    }

    static void check(Operation operation, long seed, Shape... operands) {
        try (Nd4jEngine engine = new Nd4jEngine(DataType.DOUBLE, "test")) {
            Random random = new Random(seed);
            Variables variables = engine.allocate(specs(operands));
            variables.specs().forEach(spec -> variables.write(Kind.VALUE, spec.name(), grid(spec.shape(), random)));
            Program program = engine.compile(new Weighted(operation, variables, seed));
            program.differentiate(Map.of());
            for (ParameterSpec spec : variables.specs()) {
                Tensor gradient = variables.read(Kind.GRADIENT, spec.name());
                for (int i = 0; i < gradient.data().length; i++) {
                    assertThat((double) gradient.data()[i])
                            .as("gradient of %s[%d], seed %d", spec.name(), i, seed)
                            .isCloseTo(difference(program, variables, spec, i, STEP), within(2e-5));
                }
            }
        }
    }

    /** Central difference of the loss by one element. */
    static double difference(Program program, Variables variables, ParameterSpec spec, int element, double step) {
        Tensor value = variables.read(Kind.VALUE, spec.name());
        double up = lossAt(program, variables, spec, value, element, step);
        double down = lossAt(program, variables, spec, value, element, -step);
        variables.write(Kind.VALUE, spec.name(), value);
        return (up - down) / (2 * step);
    }

    private static double lossAt(
            Program program, Variables variables, ParameterSpec spec, Tensor value, int element, double by) {
        float[] moved = value.data().clone();
        moved[element] += (float) by;
        variables.write(Kind.VALUE, spec.name(), new Tensor(value.shape(), moved));
        return program.run(Map.of()).term(Phase.Outputs.LOSS);
    }

    /** Multiples of 1/64 other than 0: exact in float32, and no closer to a kink at 0 than the difference's step. */
    private static Tensor grid(Shape shape, Random random) {
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            int multiple = 1 + random.nextInt(96);
            data[i] = (float) (GRID * (random.nextBoolean() ? multiple : -multiple));
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

    /** {@code mean(weights result)} with fixed random weights, so that every element's gradient differs. */
    private record Weighted(Operation operation, Variables variables, long seed) implements Phase {
        @Override
        public String name() {
            return "weighted";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            List<T> operands = variables.specs().stream()
                    .map(spec -> graph.trainable(variables).get(spec))
                    .toList();
            T result = operation.apply(graph.ops(), operands);
            Random random = new Random(seed + 1);
            T weighted =
                    graph.ops().multiply(result, constant(graph, graph.ops().shape(result), random));
            return new Outputs<>(Map.of(Outputs.LOSS, graph.ops().mean(weighted)), Map.of());
        }

        /** The vocabulary has no constants: an engine's own slot, through the tape. */
        @SuppressWarnings("unchecked")
        private static <T> T constant(Graph<T> graph, Shape shape, Random random) {
            double[] values = random.doubles(shape.size(), -1, 1).toArray();
            return (T) new Node(((Tape) (Graph<?>) graph).constant(shape, values), false);
        }
    }
}
