package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Generator of preset {@code seed}: a U-Net of 3x3 convolutions with batch norm; the latent becomes an extra channel of
 * A.
 *
 * <p>Source: the generator of PyTorch-GAN's BicycleGAN.
 */
record SeedUNet(ModelSettings settings, Layers.Style style) implements Generator {
    private static final int MAX_WIDTH_FACTOR = 8;

    @Override
    public <T> T forward(ForwardPass<T> pass, T a, Optional<T> z) {
        Layers<T> layers = new Layers<>(pass, style);
        int depth = settings.generatorDepth();
        List<T> maps = new ArrayList<>();
        T x = z.map(latent -> withLatent(layers, a, latent)).orElse(a);
        for (int level = 0; level < depth; level++) {
            x = down(layers, x, level, level > 0 && level < depth - 1);
            maps.add(x);
        }
        for (int level = depth - 1; level > 0; level--) {
            x = pass.ops().concat(1, List.of(up(layers, x, level), maps.get(level - 1)));
        }
        return pass.ops().tanh(layers.upsampledConv("up.0", x, settings.outputChannels()));
    }

    private <T> T withLatent(Layers<T> layers, T a, T z) {
        Shape shape = layers.ops().shape(a);
        T flat = layers.linear("latent", z, shape.height() * shape.width());
        T map = layers.ops().reshape(flat, shape.withDim(1, 1));
        return layers.ops().concat(1, List.of(a, map));
    }

    private <T> T down(Layers<T> layers, T x, int level, boolean normed) {
        String name = "down." + level;
        T y = layers.convWithoutBias(name, x, channelsAfter(level), 3, 2, 1);
        return layers.leakyRelu(normed ? layers.norm(name, y) : y);
    }

    private <T> T up(Layers<T> layers, T x, int level) {
        String name = "up." + level;
        return layers.relu(layers.norm(name, layers.upsampledConvWithoutBias(name, x, channelsAfter(level - 1))));
    }

    private int channelsAfter(int level) {
        return settings.width() * Math.min(MAX_WIDTH_FACTOR, 1 << level);
    }
}
