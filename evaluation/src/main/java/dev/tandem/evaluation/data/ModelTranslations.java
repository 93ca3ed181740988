package dev.tandem.evaluation.data;

import dev.tandem.images.decode.Images;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import java.util.Collections;
import java.util.Optional;
import java.util.stream.IntStream;

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
        Tensor b = model.translate(Tensor.stack(Collections.nCopies(samples, input.a())), z);
        return new Samples(Optional.of(z), asPictures(b));
    }

    /** As they would come out of a PNG, so that they can be compared with those that did. */
    public static Tensor asPictures(Tensor images) {
        return Tensor.stack(IntStream.range(0, images.shape().batch())
                .mapToObj(i -> Images.tensor(
                        Images.picture(images.rows(i, i + 1)), images.shape().channels(), false))
                .toList());
    }
}
