package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.Norm;

/**
 * Encoder {@code resnet} of presets {@code tandem} and {@code paper}: residual blocks that halve the feature map.
 *
 * <p>Source: the authors' {@code resnet_256} and {@code resnet_128}.
 */
record ResidualEncoder(ModelSettings settings, Layers.Style style) implements Encoder {
    private static final int MAX_WIDTH_FACTOR = 4;

    @Override
    public <T> Posterior<T> forward(ForwardPass<T> pass, T b) {
        Layers<T> layers = new Layers<>(pass, style);
        T x = layers.conv("stem", b, settings.width(), 4, 2, 1);
        for (int block = 0; block < settings.encoderBlocks(); block++) {
            x = residual(layers, "block." + block, x, settings.width() * Math.min(MAX_WIDTH_FACTOR, block + 2));
        }
        return layers.posterior(layers.leakyRelu(x), settings.latent());
    }

    /** Norm, activation, conv, norm, activation, conv, halving; the shortcut is halving and a 1x1 convolution. */
    private <T> T residual(Layers<T> layers, String name, T x, int channels) {
        int inputs = layers.ops().shape(x).channels();
        T active = layers.leakyRelu(layers.norm(name + ".conv1", x));
        T inner = layers.conv(name + ".conv1", active, inputs, 3, 1, 1);
        T outer =
                layers.conv(name + ".conv2", layers.leakyRelu(layers.norm(name + ".conv2", inner)), channels, 3, 1, 1);
        // The authors' activation works in place: without a norm before it, the shortcut receives its result.
        T skipped = style.norm() == Norm.NONE ? active : x;
        T shortcut = layers.conv(name + ".shortcut", halved(layers, skipped), channels, 1, 1, 0);
        return layers.ops().add(halved(layers, outer), shortcut);
    }

    private static <T> T halved(Layers<T> layers, T x) {
        return layers.ops().averagePool(x, 2, 2, 0);
    }
}
