package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;

/**
 * Encoder of preset {@code seed}: the first three stages of ResNet-18 (He et al. 2016).
 *
 * <p>Source: the encoder of PyTorch-GAN's BicycleGAN. That encoder pools 8x8 windows, so it fits 128x128 images only;
 * this one pools the whole map, which is the same at that size.
 */
record ResNet18(ModelSettings settings, Layers.Style style) implements Encoder {
    private static final int STAGES = 3;
    private static final int BLOCKS_PER_STAGE = 2;

    @Override
    public <T> Posterior<T> forward(ForwardPass<T> pass, T b) {
        Layers<T> layers = new Layers<>(pass, style);
        T stem = layers.convWithoutBias("stem", b, settings.width(), 7, 2, 3);
        T x = pass.ops().maxPool(layers.relu(layers.norm("stem", stem)), 3, 2, 1);
        for (int stage = 0; stage < STAGES; stage++) {
            for (int block = 0; block < BLOCKS_PER_STAGE; block++) {
                boolean halves = stage > 0 && block == 0;
                x = residual(
                        layers, "block." + (BLOCKS_PER_STAGE * stage + block), x, settings.width() << stage, halves);
            }
        }
        return layers.posterior(x, settings.latent());
    }

    /** The shortcut of a block that halves the map is a 1x1 convolution. */
    private static <T> T residual(Layers<T> layers, String name, T x, int channels, boolean halves) {
        T inner = normedConv(layers, name + ".conv1", x, channels, 3, halves);
        T outer = normedConv(layers, name + ".conv2", layers.relu(inner), channels, 3, false);
        T shortcut = halves ? normedConv(layers, name + ".shortcut", x, channels, 1, true) : x;
        return layers.relu(layers.ops().add(outer, shortcut));
    }

    private static <T> T normedConv(Layers<T> layers, String name, T x, int channels, int kernel, boolean halves) {
        T y = layers.convWithoutBias(name, x, channels, kernel, halves ? 2 : 1, kernel / 2);
        return layers.norm(name, y);
    }
}
