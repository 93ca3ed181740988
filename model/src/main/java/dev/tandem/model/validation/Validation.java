package dev.tandem.model.validation;

import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Diversity;
import dev.tandem.model.train.Translator;
import java.util.Collections;
import java.util.Optional;

/**
 * Measures a model on held-out pairs.
 *
 * @param latents (samples, L), the same for each input and each validation, so that scores differ by the weights alone
 */
public record Validation(HeldOutPairs pairs, Tensor latents) {

    /**
     * Returns the score of a model; empty if a translation is not finite.
     *
     * @param step training steps of the model
     */
    public Optional<Score> score(Translator model, long step) {
        int count = pairs.inputs().size();
        int samples = latents.shape().batch();
        double nearest = 0;
        double diversity = 0;
        for (int i = 0; i < count; i++) {
            Tensor translations = model.translate(
                    Tensor.stack(Collections.nCopies(samples, pairs.inputs().get(i))), latents);
            nearest += pairs.outputs().get(i).stream()
                    .mapToDouble(truth -> nearestL1(translations, truth))
                    .average()
                    .orElseThrow();
            diversity += samples > 1 ? Diversity.of(translations) : 0;
        }
        return Double.isFinite(nearest + diversity)
                ? Optional.of(new Score(step, nearest / count, diversity / count, samples + "x" + pairs.digest()))
                : Optional.empty();
    }

    private static double nearestL1(Tensor translations, Tensor truth) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < translations.shape().batch(); i++) {
            // NaN stays NaN.
            nearest = Math.min(nearest, l1(translations.rows(i, i + 1).data(), truth.data()));
        }
        return nearest;
    }

    /** Pixels range from -1 to 1, so half of the difference is between 0 and 1. */
    private static double l1(float[] translation, float[] truth) {
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            sum += Math.abs(translation[i] - truth[i]);
        }
        return sum / truth.length / 2;
    }
}
