package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.Preset;
import java.util.ArrayList;
import java.util.List;

/**
 * The multi-scale PatchGAN discriminator: one map of patch scores per scale; every scale has its own weights.
 *
 * <p>Source: the authors' {@code basic_256_multi} and {@code basic_128_multi}; with preset {@code seed} the
 * discriminator of PyTorch-GAN. PyTorch-GAN passes in_channels as the pooling window between scales by mistake; with
 * three channels that is the window of 3 used here.
 */
public record Discriminator(ModelSettings settings, Layers.Style style) {
    private static final int MAX_WIDTH_FACTOR = 8;

    /**
     * Computes the patch scores of images.
     *
     * @param images (N, C', H, W) in [-1, 1]; conditional: A and B, (N, C + C', H, W)
     * @return (N, 1, h, w) per scale, the finest first
     */
    public <T> List<T> forward(ForwardPass<T> pass, T images) {
        Layers<T> layers = new Layers<>(pass, style);
        boolean seed = settings.preset() == Preset.SEED;
        List<T> maps = new ArrayList<>();
        T image = images;
        for (int scale = 0; scale < settings.discriminator().scales(); scale++) {
            if (scale > 0) {
                image = pass.ops().averagePool(image, 3, 2, 1);
            }
            String name = "scale." + scale + ".";
            maps.add(seed ? seedPatches(layers, name, image) : patches(layers, name, image, widthAt(scale)));
        }
        return maps;
    }

    /** The width halves with every scale and is rounded half to even, as in the authors' Python. */
    private int widthAt(int scale) {
        return Math.max(1, (int) Math.rint(settings.width() / (double) (1 << scale)));
    }

    private <T> T patches(Layers<T> layers, String scale, T image, int width) {
        int halvings = settings.discriminatorLayers();
        T x = layers.leakyRelu(layers.conv(scale + 0, image, width, 4, 2, 1));
        for (int layer = 1; layer <= halvings; layer++) {
            int stride = layer < halvings ? 2 : 1;
            T y = layers.conv(scale + layer, x, width * Math.min(MAX_WIDTH_FACTOR, 1 << layer), 4, stride, 1);
            x = layers.leakyRelu(layers.norm(scale + layer, y));
        }
        return layers.conv(scale + (halvings + 1), x, 1, 4, 1, 1);
    }

    private <T> T seedPatches(Layers<T> layers, String scale, T image) {
        int halvings = settings.discriminatorLayers();
        T x = image;
        for (int layer = 0; layer < halvings; layer++) {
            T y = layers.conv(scale + layer, x, settings.width() * Math.min(MAX_WIDTH_FACTOR, 1 << layer), 4, 2, 1);
            x = layers.leakyRelu(layer == 0 ? y : layers.norm(scale + layer, y));
        }
        return layers.conv(scale + halvings, x, 1, 3, 1, 1);
    }
}
