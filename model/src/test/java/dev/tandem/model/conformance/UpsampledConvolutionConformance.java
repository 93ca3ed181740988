package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.train.Noise;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code upsampledConv2d}, which an engine may fuse, compared with its definition. */
public abstract class UpsampledConvolutionConformance extends EngineConformance {

    protected UpsampledConvolutionConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    /** Computes the operation, and its definition: nearest-neighbour upsampling, then a convolution. */
    private record OperationAndDefinition(Shape images, int channels) implements Phase {
        @Override
        public String name() {
            return "operation and definition";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            T x = graph.input("x", images);
            Filter<T> filter = new Filter<>(
                    graph.input("weight", Shape.of(channels, images.channels(), 3, 3)),
                    Optional.of(graph.input("bias", Shape.of(channels))));
            T upsampled = graph.ops().resample(x, nearest(images.height()), nearest(images.width()));
            return new Outputs<>(
                    Map.of(),
                    Map.of(
                            "operation", graph.ops().upsampledConv2d(x, filter),
                            "definition", graph.ops().conv2d(upsampled, filter, 1, 1)));
        }

        private static Resampling nearest(int length) {
            double[] matrix = new double[2 * length * length];
            for (int i = 0; i < 2 * length; i++) {
                matrix[i * length + i / 2] = 1;
            }
            return new Resampling(length, 2 * length, matrix);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1, 1", "2, 3, 5, 4, 6", "3, 16, 8, 8, 8", "1, 2, 3, 1, 7"})
    void upsampledConv2d_anyShape_matchesItsDefinition(int n, int in, int out, int height, int width) {
        Shape images = Shape.of(n, in, height, width);
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Program.Results results = engine.compile(new OperationAndDefinition(images, out))
                    .run(Map.of(
                            "x", Noise.gaussian(images, 1, "x"),
                            "weight", Noise.gaussian(Shape.of(out, in, 3, 3), 1, "weight"),
                            "bias", Noise.gaussian(Shape.of(out), 1, "bias")));

            assertThat(results.tensor("operation").shape()).isEqualTo(Shape.of(n, out, 2 * height, 2 * width));
            assertThat(results.tensor("operation").data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(results.tensor("definition").data());
        }
    }
}
