package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.conformance.SplitConvolutionConformance;
import dev.tandem.model.conformance.SplitConvolutionConformance.Operation;
import dev.tandem.model.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When convolutions are lowered to matrix products. {@link Nd4jSplitConvolutionTest} compares the results. */
class LoweredConvolutionTest {
    private static final Shape LARGE_WEIGHT = Shape.of(64, 128, 4, 4);

    /** Otherwise the test of the conformance kit would compare the native operation with itself. */
    @ParameterizedTest
    @EnumSource
    void isFaster_weightsOfTheConformanceKit_isTrueForTheWholeOnly(Operation operation) {
        Shape weight = operation.weight();
        Shape part = weight.withDim(0, weight.dim(0) / SplitConvolutionConformance.PARTS);

        assertThat(LoweredConvolution.isFaster(weight, map(4))).isTrue();
        assertThat(LoweredConvolution.isFaster(part, map(4))).isFalse();
    }

    @Test
    void isFaster_manyPixels_isFalse() {
        assertThat(LoweredConvolution.isFaster(LARGE_WEIGHT, map(5))).isFalse();
    }

    @Test
    void isFaster_anyBatchSize_isTheSame() {
        assertThat(LoweredConvolution.isFaster(LARGE_WEIGHT, map(2).withBatch(64)))
                .isTrue();
    }

    private static Shape map(int side) {
        return Shape.of(1, 64, side, side);
    }
}
