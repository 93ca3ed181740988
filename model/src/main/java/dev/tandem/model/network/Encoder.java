package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;

/**
 * The encoder {@code E(B) -> (mu, logvar)}: a residual network with global average pooling.
 *
 * <p>Source: the authors' {@code resnet_256} and {@code resnet_128}.
 */
public record Encoder(ModelSettings settings) {
    private static final int WIDEST = 4;

    /** The Gaussian over latents, mean and logarithm of the variance, (N, L) each. */
    public record Posterior<T>(T mu, T logVariance) {}

    /** @param b (N, C, H, W) in [-1, 1] */
    public <T> Posterior<T> forward(Ops<T> ops, Parameters<T> parameters, T b) {
        Layers<T> layers = new Layers<>(ops, parameters);
        T x = layers.conv("stem", b, settings.width(), 4, 2, 1);
        for (int block = 0; block < settings.encoderBlocks(); block++) {
            x = residual(layers, "block." + block, x, settings.width() * Math.min(WIDEST, block + 2));
        }
        T features = ops.spatialMean(layers.leakyRelu(x)); // (N, 4 width)
        return new Posterior<>(
                layers.linear("mu", features, settings.latent()), layers.linear("logvar", features, settings.latent()));
    }

    /** Norm, activation, conv, norm, activation, conv, halving; beside it halving and a 1x1 convolution. */
    private static <T> T residual(Layers<T> layers, String name, T x, int channels) {
        int entering = layers.ops().shape(x).channels();
        T inner = layers.conv(name + ".conv1", layers.leakyRelu(layers.norm(x)), entering, 3, 1, 1);
        T outer = layers.conv(name + ".conv2", layers.leakyRelu(layers.norm(inner)), channels, 3, 1, 1);
        T shortcut = layers.conv(name + ".shortcut", halved(layers, x), channels, 1, 1, 0);
        return layers.ops().add(halved(layers, outer), shortcut);
    }

    private static <T> T halved(Layers<T> layers, T x) {
        return layers.ops().averagePool(x, 2, 2, 0);
    }
}
