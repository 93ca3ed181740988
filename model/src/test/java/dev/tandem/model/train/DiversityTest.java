package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DiversityTest {

    @Test
    void of_knownSamples_isTheMeanDifferenceOverAllPairs() {
        // The differences are 1, 3 and 2.
        assertThat(Diversity.of(Tensor.of(Shape.of(3, 1, 1, 1), 0, 1, 3))).isCloseTo(2, within(1e-12));
    }
}
