package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;

/**
 * Encoder {@code conv} of presets {@code tandem} and {@code paper}: a stack of convolutions that halve the feature map.
 *
 * <p>Source: the authors' {@code conv_256} and {@code conv_128}.
 */
record ConvolutionalEncoder(ModelSettings settings, Layers.Style style) implements Encoder {
    private static final int MAX_WIDTH_FACTOR = 4;

    @Override
    public <T> Posterior<T> forward(ForwardPass<T> pass, T b) {
        Layers<T> layers = new Layers<>(pass, style);
        T x = layers.leakyRelu(layers.conv("stem", b, settings.width(), 4, 2, 1));
        for (int block = 0; block < settings.encoderBlocks(); block++) {
            String name = "block." + block;
            T y = layers.conv(name, x, settings.width() * Math.min(MAX_WIDTH_FACTOR, 2 << block), 4, 2, 1);
            x = layers.leakyRelu(layers.norm(name, y));
        }
        return layers.posterior(x, settings.latent());
    }
}
