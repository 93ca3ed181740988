package dev.tandem.evaluation.data;

import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Where the translations to evaluate come from. */
public interface Translations {

    /**
     * Several translations of one input.
     *
     * @param latents (N, L), where they are known
     * @param pictures (N, C', H, W)
     */
    record Samples(Optional<Tensor> latents, Tensor pictures) {

        /** One by one, (1, C', H, W) each. */
        public List<Tensor> each() {
            return IntStream.range(0, pictures.shape().batch())
                    .mapToObj(i -> pictures.rows(i, i + 1))
                    .toList();
        }
    }

    /** What made them, for the report. */
    String origin();

    /** How many of each input. */
    int samples();

    Samples of(TestInput input);
}
