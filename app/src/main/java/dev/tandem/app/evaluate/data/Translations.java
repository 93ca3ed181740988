package dev.tandem.app.evaluate.data;

import dev.tandem.model.tensor.Tensor;
import java.util.Optional;

/** Where the translations to evaluate come from. */
public interface Translations {

    /**
     * Several translations of one input.
     *
     * @param latents (N, L), where they are known
     * @param pictures (N, C', H, W)
     */
    record Samples(Optional<Tensor> latents, Tensor pictures) {}

    /** What made them, for the report. */
    String origin();

    /** How many of each input. */
    int samples();

    Samples of(TestInput input);
}
