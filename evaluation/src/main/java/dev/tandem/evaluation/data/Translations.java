package dev.tandem.evaluation.data;

import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A source of translations to evaluate. */
public interface Translations {

    /**
     * The translations of one input.
     *
     * @param latents (N, L); empty if they are unknown
     * @param images (N, C', H, W) in [-1, 1]
     */
    record Samples(Optional<Tensor> latents, Tensor images) {

        /** The number of translations. */
        public int count() {
            return images.shape().batch();
        }

        /** The images as separate tensors, (1, C', H, W) each. */
        public List<Tensor> asList() {
            return IntStream.range(0, count())
                    .mapToObj(i -> images.rows(i, i + 1))
                    .toList();
        }
    }

    /** The model or folder that the translations come from, for the report. */
    String origin();

    /** The number of translations of each input. */
    int samples();

    /** Returns the translations of an input. */
    Samples of(TestInput input);
}
