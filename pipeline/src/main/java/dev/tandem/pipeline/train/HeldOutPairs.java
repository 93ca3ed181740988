package dev.tandem.pipeline.train;

import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.util.concurrent.CompletionStage;

/** Takes the pairs of {@code train.validation.share}. */
@FunctionalInterface
interface HeldOutPairs {

    /** Hands a pair to the validation. Completes with whether it needs no further pairs. */
    CompletionStage<Boolean> add(TensorPair pair);
}
