package dev.tandem.app.evaluate.data;

import dev.tandem.model.BicycleGan;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import java.util.Collections;
import java.util.Optional;

/**
 * Translations that a model makes now.
 *
 * @param seed of the latents; every input has its own
 */
public record ModelTranslations(BicycleGan model, String origin, int samples, long seed) implements Translations {

    @Override
    public Samples of(TestInput input) {
        Tensor z = Latents.drawn(
                Noise.hash(seed, "image." + input.name()),
                samples,
                model.latents(1).channels());
        return new Samples(Optional.of(z), model.translate(Tensor.stack(Collections.nCopies(samples, input.a())), z));
    }
}
