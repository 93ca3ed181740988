package dev.tandem.model.train;

import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Tensor;
import java.util.Collections;

/** Translates and encodes any number of images with one set of weights. */
public interface Translator {

    /**
     * Translates images, G(A, z).
     *
     * @param a (N, C, H, W)
     * @param z (N, L)
     * @return (N, C', H, W)
     */
    Tensor translate(Tensor a, Tensor z);

    /**
     * Encodes images, E(B).
     *
     * @param b (N, C', H, W)
     * @return mean and log variance, (N, L) each
     * @throws IllegalStateException if the model has no encoder
     */
    Posterior<Tensor> encode(Tensor b);

    /**
     * The diversity of the translations of each image, averaged over the images.
     *
     * @param a (N, C, H, W)
     * @param z (samples, L), used for every image
     * @return 0 to 2
     */
    default double diversity(Tensor a, Tensor z) {
        int samples = z.shape().batch();
        double sum = 0;
        for (int i = 0; i < a.shape().batch(); i++) {
            Tensor image = a.rows(i, i + 1);
            sum += Diversity.of(translate(Tensor.stack(Collections.nCopies(samples, image)), z));
        }
        return sum / a.shape().batch();
    }
}
