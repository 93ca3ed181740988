package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
    private static final Shape WEIGHT = Shape.of(32, 64, 4, 4);
    private static final long SEED = 9;

    static Stream<Arguments> deviations() {
        return Stream.of(
                Arguments.of("normal", Initializer.normal(0, 0.02), 0.02),
                Arguments.of("xavier", Initializer.xavierNormal(0.02), 0.02 * Math.sqrt(2.0 / (96 * 16))),
                Arguments.of("kaiming", Initializer.kaimingNormal(), Math.sqrt(2.0 / (64 * 16))),
                Arguments.of("kaiming by fan-out", Initializer.kaimingNormalByFanOut(), Math.sqrt(2.0 / (32 * 16))),
                Arguments.of("uniform", Initializer.uniform(0.3), 0.3 / Math.sqrt(3)),
                Arguments.of("orthogonal", Initializer.orthogonal(2), 2 / Math.sqrt(64 * 16)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deviations")
    void draw_weight_hasMeanZeroAndExpectedDeviation(String name, Initializer initializer, double deviation) {
        float[] data = initializer.draw(WEIGHT, new SplittableRandom(SEED)).data();

        double sum = 0;
        double squares = 0;
        for (float value : data) {
            sum += value;
            squares += value * value;
        }
        assertThat(Math.sqrt(squares / data.length)).isCloseTo(deviation, within(0.02 * deviation));
        assertThat(sum / data.length).as("mean, seed %d", SEED).isCloseTo(0, within(0.02 * deviation));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void orthogonal_anyShape_hasOrthonormalRowsOrColumns(Shape shape) {
        Tensor weight = Initializer.orthogonal(3).draw(shape, new SplittableRandom(SEED));
        int rows = shape.dim(0);
        int columns = shape.size() / rows;
        boolean byRow = rows <= columns;
        int vectors = Math.min(rows, columns);
        for (int i = 0; i < vectors; i++) {
            for (int j = 0; j < vectors; j++) {
                double product = 0;
                for (int k = 0; k < Math.max(rows, columns); k++) {
                    double a = weight.data()[byRow ? i * columns + k : k * columns + i];
                    double b = weight.data()[byRow ? j * columns + k : k * columns + j];
                    product += a * b;
                }
                assertThat(product).isCloseTo(i == j ? 9 : 0, within(1e-4));
            }
        }
    }

    static Stream<Shape> shapes() {
        return Stream.of(Shape.of(4, 3, 2, 2), Shape.of(12, 2), Shape.of(5, 5));
    }

    @Test
    void constant_always_fillsWithTheValue() {
        assertThat(Initializer.constant(1)
                        .draw(Shape.of(3), new SplittableRandom(SEED))
                        .data())
                .containsExactly(1, 1, 1);
    }
}
