package dev.tandem.model.network;

import java.util.Optional;

/** The generator {@code G(A, z) -> B^}. */
public sealed interface Generator permits UNet, SeedUNet {

    /**
     * @param a (N, C, H, W) in [-1, 1]
     * @param z (N, L), if the model has a latent
     * @return (N, C', H, W) in [-1, 1]
     */
    <T> T forward(ForwardPass<T> pass, T a, Optional<T> z);
}
