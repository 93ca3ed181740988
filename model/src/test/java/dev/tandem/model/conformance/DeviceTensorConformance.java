package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Program.Results;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results that stay on the device: programs read them there, and several are copied to the heap at once. */
public abstract class DeviceTensorConformance extends EngineConformance {
    private static final Shape SHAPE = Shape.of(2, 1, 1, 3);
    private static final Tensor X = Tensor.of(SHAPE, 1, -2, 3, 0.5f, 0, 4);

    private Engine engine;

    protected DeviceTensorConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @BeforeEach
    void open() {
        engine = engineUnderTest().open();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** Outputs twice the input, its mean, and the input itself. */
    private record Doubling(Shape shape) implements Phase {
        @Override
        public String name() {
            return "doubling";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            T x = graph.input("x", shape);
            T twice = graph.ops().affine(x, 2, 0);
            return new Outputs<>(Map.of("mean", graph.ops().mean(twice)), Map.of("x", x, "twice", twice));
        }
    }

    @Test
    void run_resultOfAnotherProgramAsInput_readsItOnTheDevice() {
        Program first = engine.compile(new Doubling(SHAPE));
        Program second = engine.compile(new Doubling(SHAPE));

        Results twice = first.run(Map.of("x", X));
        Results fourTimes = second.run(Map.of("x", twice.tensors().get("twice")));

        assertThat(fourTimes.tensor("twice").data()).containsExactly(4, -8, 12, 2, 0, 16);
        assertThat(fourTimes.tensor("x").data()).containsExactly(2, -4, 6, 1, 0, 8);
    }

    @Test
    void results_anotherProgramRuns_keepTheirValues() {
        Program first = engine.compile(new Doubling(SHAPE));
        Program second = engine.compile(new Doubling(SHAPE));

        Results results = first.run(Map.of("x", X));
        second.run(Map.of("x", Tensor.of(SHAPE, 9, 9, 9, 9, 9, 9)));

        assertThat(results.tensor("x")).usingRecursiveComparison().isEqualTo(X);
        assertThat(results.tensor("twice").data()).containsExactly(2, -4, 6, 1, 0, 8);
        assertThat(results.term("mean")).isCloseTo(13.0 / 6, within(1e-6));
    }

    @Test
    void fetch_severalTensors_returnsTheElementsOfEach() {
        Results results = engine.compile(new Doubling(SHAPE)).run(Map.of("x", X));

        Map<String, double[]> fetched = engine.fetch(Map.of(
                "first", results.tensors().get("twice"),
                "second", results.tensors().get("x"),
                "third", results.terms().get("mean")));

        assertThat(fetched).containsOnlyKeys("first", "second", "third");
        assertThat(fetched.get("first")).containsExactly(2, -4, 6, 1, 0, 8);
        assertThat(fetched.get("second")).containsExactly(1, -2, 3, 0.5, 0, 4);
        assertThat(fetched.get("third")).containsExactly(results.term("mean"));
    }

    @Test
    void run_resultOfAnotherShapeAsInput_isRejected() {
        Results results = engine.compile(new Doubling(SHAPE)).run(Map.of("x", X));
        Program other = engine.compile(new Doubling(Shape.of(1, 1, 1, 6)));

        assertThatThrownBy(() -> other.run(Map.of("x", results.tensors().get("twice"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("doubling: expected input x of shape (1, 1, 1, 6), got (2, 1, 1, 3)");
    }
}
