package dev.tandem.model.network;

/** The encoder {@code E(B) -> (mu, logvar)}. */
public sealed interface Encoder permits ResidualEncoder, ConvolutionalEncoder, ResNet18 {

    /** A Gaussian over latents: mean and logarithm of the variance, (N, L) each. */
    record Posterior<T>(T mu, T logVariance) {}

    /**
     * Encodes images.
     *
     * @param b (N, C', H, W) in [-1, 1]
     */
    <T> Posterior<T> forward(ForwardPass<T> pass, T b);
}
