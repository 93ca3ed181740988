package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The update rule of Adam, compared with the formula. */
public abstract class AdamConformance extends EngineConformance {
    private static final ParameterSpec X = new ParameterSpec("x", Shape.of(1), Initializer.ZEROS, true);

    protected AdamConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** Minimises x^2. */
    private record Square(Variables variables) implements Phase {
        @Override
        public String name() {
            return "square";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            T x = graph.trainable(variables).get(X);
            return new Outputs<>(
                    Map.of(Outputs.LOSS, graph.ops().mean(graph.ops().square(x))), Map.of());
        }
    }

    @Test
    void update_twentySteps_matchesTheFormulaWithPyTorchsEpsilon() {
        // This epsilon is large enough to show where the engine adds it.
        Adam adam = new Adam(0.1, 0.5, 0.999, 0.05);
        double x = 0.75;
        double m = 0;
        double v = 0;
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Variables variables = engine.allocate(List.of(X));
            variables.write(Kind.VALUE, "x", Tensor.of(Shape.of(1), (float) x));
            Program program = engine.compile(new Square(variables));
            for (int t = 1; t <= 20; t++) {
                program.differentiate(Map.of());
                program.update(adam);

                double gradient = 2 * x;
                m = 0.5 * m + 0.5 * gradient;
                v = 0.999 * v + 0.001 * gradient * gradient;
                double denominator = Math.sqrt(v / (1 - Math.pow(0.999, t))) + 0.05;
                x -= 0.1 * (m / (1 - Math.pow(0.5, t))) / denominator;
                assertThat((double) variables.read(Kind.VALUE, "x").data()[0]).isCloseTo(x, within(1e-6));
                assertThat(variables.updates()).isEqualTo(t);
            }
        }
    }
}
