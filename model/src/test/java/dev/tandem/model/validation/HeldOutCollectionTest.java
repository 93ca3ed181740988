package dev.tandem.model.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class HeldOutCollectionTest {
    private static final Shape SHAPE = Shape.of(1, 1, 1, 2);

    @Test
    void add_lastInput_completesTheCollectionOnce() {
        HeldOutCollection collection = new HeldOutCollection(2);

        assertThat(collection.add(image(0), image(10))).isEmpty();
        HeldOutPairs pairs = collection.add(image(1), image(11)).orElseThrow();
        assertThat(collection.add(image(2), image(12))).isEmpty();
        assertThat(collection.add(image(0), image(13))).isEmpty();

        assertThat(pairs.inputs()).extracting(Tensor::data).containsExactly(image(0).data(), image(1).data());
    }

    @Test
    void add_sameInput_isOneInputWithItsDifferentOutputs() {
        HeldOutCollection collection = new HeldOutCollection(2);
        collection.add(image(0), image(10));
        collection.add(image(0), image(11));
        collection.add(image(0), image(10));

        HeldOutPairs pairs = collection.add(image(1), image(12)).orElseThrow();

        assertThat(pairs.outputs().get(0))
                .extracting(Tensor::data)
                .containsExactly(image(10).data(), image(11).data());
        assertThat(pairs.outputs().get(1)).hasSize(1);
    }

    @Test
    void add_manyOutputsOfOneInput_keepsTheFirst16() {
        HeldOutCollection collection = new HeldOutCollection(2);
        for (int i = 0; i < 100; i++) {
            collection.add(image(0), image(i));
        }

        assertThat(collection.add(image(1), image(0)).orElseThrow().outputs().get(0))
                .hasSize(16)
                .last()
                .extracting(Tensor::data)
                .isEqualTo(image(15).data());
    }

    /** An image of two equal pixels, at a level of 0 to 255. */
    private static Tensor image(int level) {
        float value = level / 127.5f - 1;
        return new Tensor(SHAPE, new float[] {value, value});
    }
}
