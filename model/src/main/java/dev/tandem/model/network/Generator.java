package dev.tandem.model.network;

import java.util.Optional;

/** The generator {@code G(A, z) -> B^}. */
public sealed interface Generator permits UNet, SeedUNet {

    /**
     * Translates images.
     *
     * @param a (N, C, H, W) in [-1, 1]
     * @param z (N, L); empty if the model has no latent
     * @return (N, C', H, W) in [-1, 1]
     */
    <T> T forward(ForwardPass<T> pass, T a, Optional<T> z);
}
