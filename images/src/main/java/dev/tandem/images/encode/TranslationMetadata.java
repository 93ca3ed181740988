package dev.tandem.images.encode;

import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.LatentText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What reproduces a translation, together with its input.
 *
 * @param model version of the weights
 * @param sample number of the translation among those of its input, from 1
 * @param samples number of translations of the input
 * @param z the latent, (1, L)
 * @param seed seed of the random latents of all samples; empty if they are not random
 */
public record TranslationMetadata(String model, int sample, int samples, Tensor z, OptionalLong seed) {
    public static final String MODEL = "tandem-model";
    public static final String SAMPLE = "tandem-sample";
    public static final String LATENT = "tandem-latent";
    public static final String SEED = "tandem-seed";

    /** The metadata by the names of record headers, HTTP headers and PNG text chunks. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(MODEL, model);
        texts.put(SAMPLE, sample + "/" + samples);
        if (z.shape().channels() > 0) {
            texts.put(LATENT, LatentText.format(z));
        }
        seed.ifPresent(number -> texts.put(SEED, Long.toString(number)));
        return texts;
    }
}
