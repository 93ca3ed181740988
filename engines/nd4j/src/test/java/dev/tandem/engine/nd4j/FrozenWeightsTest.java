package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is derived of frozen weights is kept between runs, and must never be that of weights that were. */
class FrozenWeightsTest {
    private static final Shape IMAGES = Shape.of(1, 2, 4, 4);
    private static final ParameterSpec WEIGHT =
            new ParameterSpec("weight", Shape.of(3, 2, 3, 3), Initializer.ZEROS, true);
    private static final Map<String, Tensor> X = Map.of("x", Noise.gaussian(IMAGES, 1, "x"));

    private final Engine engine = TestEngines.doublePrecision();
    private final Variables weights = engine.allocate(List.of(WEIGHT));
    private Program frozen;

    /** Enlarges an image with weights that it trains, or leaves as they are. */
    private record Enlarging(Variables variables, boolean trains) implements Phase {
        @Override
        public String name() {
            return "enlarging";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            Parameters<T> parameters = trains ? graph.trainable(variables) : graph.frozen(variables);
            Filter<T> filter = new Filter<>(parameters.get(WEIGHT), Optional.empty());
            T y = graph.ops().upsampledConv2d(graph.input("x", IMAGES), filter);
            return new Outputs<>(
                    Map.of(Outputs.LOSS, graph.ops().mean(graph.ops().square(y))), Map.of("y", y));
        }
    }

    @BeforeEach
    void runOnce() {
        write(weights, "before");
        frozen = engine.compile(new Enlarging(weights, false));
        frozen.run(X);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void run_afterAWrite_hasTheNewWeights() {
        write(weights, "after");

        assertFrozenIsUpToDate();
    }

    @Test
    void run_afterAnUpdate_hasTheNewWeights() {
        Program training = engine.compile(new Enlarging(weights, true));
        training.differentiate(X);
        training.update(new Adam(0.1, 0.5, 0.999, 1e-8));

        assertFrozenIsUpToDate();
    }

    @Test
    void run_afterAverageAndCopy_hasTheNewWeights() {
        Variables others = engine.allocate(List.of(WEIGHT));
        write(others, "others");

        engine.average(weights, others, 0.5);
        assertFrozenIsUpToDate();

        engine.copy(others, weights);
        assertFrozenIsUpToDate();
    }

    private static void write(Variables variables, String name) {
        variables.write(Kind.VALUE, "weight", Noise.gaussian(WEIGHT.shape(), 1, name));
    }

    /** Against a program that derives nothing beforehand, on the same weights in variables of their own. */
    private void assertFrozenIsUpToDate() {
        Variables copy = engine.allocate(List.of(WEIGHT));
        engine.copy(weights, copy);
        Tensor expected = engine.compile(new Enlarging(copy, true)).run(X).tensor("y");

        assertThat(frozen.run(X).tensor("y").data()).containsExactly(expected.data());
        assertThat(frozen.run(X).tensor("y").data()).as("again").containsExactly(expected.data());
    }
}
