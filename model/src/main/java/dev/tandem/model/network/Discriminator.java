package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The multi-scale PatchGAN discriminator: one map of patch scores per scale.
 *
 * <p>Source: the authors' {@code basic_256_multi} and {@code basic_128_multi}.
 */
public record Discriminator(ModelSettings settings) {
    private static final int WIDEST = 8;

    /**
     * @param image (N, C, H, W) in [-1, 1]
     * @return (N, 1, h, w) per scale, the finest first
     */
    public <T> List<T> forward(Ops<T> ops, Parameters<T> parameters, T image) {
        Layers<T> layers = new Layers<>(ops, parameters);
        List<T> maps = new ArrayList<>();
        T seen = image;
        for (int scale = 0; scale < settings.discriminator().scales(); scale++) {
            if (scale > 0) {
                seen = ops.averagePool(seen, 3, 2, 1);
            }
            maps.add(patches(layers, "scale." + scale + ".", seen, Math.max(1, settings.width() >> scale)));
        }
        return maps;
    }

    private <T> T patches(Layers<T> layers, String scale, T image, int width) {
        int halvings = settings.discriminatorLayers();
        T x = layers.leakyRelu(layers.conv(scale + 0, image, width, 4, 2, 1));
        for (int layer = 1; layer <= halvings; layer++) {
            int stride = layer < halvings ? 2 : 1;
            T y = layers.conv(scale + layer, x, width * Math.min(WIDEST, 1 << layer), 4, stride, 1);
            x = layers.leakyRelu(layers.norm(y));
        }
        return layers.conv(scale + (halvings + 1), x, 1, 4, 1, 1);
    }
}
