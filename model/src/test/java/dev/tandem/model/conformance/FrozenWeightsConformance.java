package dev.tandem.model.conformance;

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

/**
 * A program with frozen weights always uses their current values. An engine may cache what it computes from frozen weights;
 * each way of changing the weights must invalidate that cache.
 */
public abstract class FrozenWeightsConformance extends EngineConformance {
    private static final Shape IMAGES = Shape.of(1, 2, 4, 4);
    private static final ParameterSpec WEIGHT =
            new ParameterSpec("weight", Shape.of(3, 2, 3, 3), Initializer.ZEROS, true);
    private static final Map<String, Tensor> X = Map.of("x", Noise.gaussian(IMAGES, 1, "x"));

    private Engine engine;
    private Variables weights;
    private Program frozen;

    protected FrozenWeightsConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** An upsampled convolution, with trainable or frozen weights. */
    private record Upsampling(Variables variables, boolean trainable) implements Phase {
        @Override
        public String name() {
            return "upsampling";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            Parameters<T> parameters = trainable ? graph.trainable(variables) : graph.frozen(variables);
            Filter<T> filter = new Filter<>(parameters.get(WEIGHT), Optional.empty());
            T y = graph.ops().upsampledConv2d(graph.input("x", IMAGES), filter);
            return new Outputs<>(
                    Map.of(Outputs.LOSS, graph.ops().mean(graph.ops().square(y))), Map.of("y", y));
        }
    }

    @BeforeEach
    void runOnce() {
        engine = engineUnderTest().openDoublePrecision();
        weights = engine.allocate(List.of(WEIGHT));
        write(weights, "before");
        frozen = engine.compile(new Upsampling(weights, false));
        frozen.run(X);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void run_afterWrite_usesTheNewWeights() {
        write(weights, "after");

        assertFrozenUsesCurrentWeights();
    }

    @Test
    void run_afterUpdate_usesTheNewWeights() {
        Program training = engine.compile(new Upsampling(weights, true));
        training.differentiate(X);
        training.update(new Adam(0.1, 0.5, 0.999, 1e-8));

        assertFrozenUsesCurrentWeights();
    }

    @Test
    void run_afterAverageAndCopy_usesTheNewWeights() {
        Variables others = engine.allocate(List.of(WEIGHT));
        write(others, "others");

        engine.average(weights, others, 0.5);
        assertFrozenUsesCurrentWeights();

        engine.copy(others, weights);
        assertFrozenUsesCurrentWeights();
    }

    private static void write(Variables variables, String name) {
        variables.write(Kind.VALUE, "weight", Noise.gaussian(WEIGHT.shape(), 1, name));
    }

    /** Compares with a program whose weights are trainable, so that it has no cache. */
    private void assertFrozenUsesCurrentWeights() {
        Variables copy = engine.allocate(List.of(WEIGHT));
        engine.copy(weights, copy);
        Tensor expected = engine.compile(new Upsampling(copy, true)).run(X).tensor("y");

        assertThat(frozen.run(X).tensor("y").data()).containsExactly(expected.data());
        assertThat(frozen.run(X).tensor("y").data()).as("second run").containsExactly(expected.data());
    }
}
