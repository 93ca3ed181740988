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
 * Translates inputs with a model and random latents.
 *
 * @param origin description of the model, for the report
 * @param samples number of translations of each input
 * @param seed seed of the latents; they also depend on the name of the input
 */
public record ModelTranslations(BicycleGan model, String origin, int samples, long seed) implements Translations {

    @Override
    public Samples of(TestInput input) {
        Tensor z = Latents.random(
                Noise.hash(seed, "image." + input.name()),
                samples,
                model.latentShape(1).channels());
        Tensor b = model.translate(Tensor.stack(Collections.nCopies(samples, input.a())), z);
        return new Samples(Optional.of(z), quantized(b));
    }

    /** Rounds images to the 256 levels of a PNG, so that they equal translations read from files. */
    public static Tensor quantized(Tensor images) {
        return Tensor.stack(IntStream.range(0, images.shape().batch())
                .mapToObj(i -> Images.tensor(
                        Images.image(images.rows(i, i + 1)), images.shape().channels(), false))
                .toList());
    }
}
