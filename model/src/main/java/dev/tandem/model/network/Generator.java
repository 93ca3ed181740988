package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.LatentInjection;
import dev.tandem.config.ModelSettings.Upsample;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import java.util.List;

/**
 * The generator {@code G(A, z) -> B^}: a U-Net that sees the latent before every down-convolution, or with A only.
 *
 * <p>Source: the authors' {@code unet_256} and {@code unet_128}; section 5 of the paper.
 *
 * @param channels of A and of B
 */
public record Generator(ModelSettings settings, int channels) {
    private static final int WIDEST = 8;

    /**
     * @param a (N, C, H, W) in [-1, 1]
     * @param z (N, L)
     * @return (N, C, H, W) in [-1, 1]
     */
    public <T> T forward(Ops<T> ops, Parameters<T> parameters, T a, T z) {
        return new UNet<>(this, new Layers<>(ops, parameters), z).outermost(a);
    }

    /** Channels after down-convolution {@code level}: 64, 128, 256, 512, 512, ... at width 64. */
    private int channelsAfter(int level) {
        return settings.width() * (level >= 3 ? WIDEST : 1 << level);
    }

    /** The blocks of the U-Net, one inside the other; level 0 is the outermost. */
    private record UNet<T>(Generator generator, Layers<T> layers, T z) {

        T outermost(T a) {
            T inner = inner(down(withLatent(a), 0), 1);
            return layers.ops().tanh(up(inner, 0, generator.channels));
        }

        /** Everything below a down-convolution, joined with what came in. */
        private T inner(T x, int level) {
            boolean innermost = level == generator.settings.generatorDepth() - 1;
            boolean everywhere = generator.settings.generator().latentInjection() == LatentInjection.ALL;
            T entering = layers.leakyRelu(everywhere ? withLatent(x) : x);
            T down = down(entering, level);
            T below = innermost ? down : inner(layers.norm(down), level + 1);
            T up = layers.norm(up(below, level, generator.channelsAfter(level - 1)));
            // The authors' activation works in place: without z at every level, the skip carries its result.
            return layers.ops().concat(1, List.of(up, everywhere ? x : entering));
        }

        private T down(T x, int level) {
            return layers.conv("down." + level, x, generator.channelsAfter(level), 4, 2, 1);
        }

        private T up(T x, int level, int channels) {
            T active = layers.relu(x);
            String name = "up." + level;
            return generator.settings.generator().upsample() == Upsample.BASIC
                    ? layers.convTranspose(name, active, channels, 4, 2, 1)
                    : layers.conv(name, doubledAndPadded(active), channels, 3, 1, 0);
        }

        private T doubledAndPadded(T x) {
            Shape shape = layers.ops().shape(x);
            return layers.ops().resample(x, doubledAndPadded(shape.height()), doubledAndPadded(shape.width()));
        }

        private static Resampling doubledAndPadded(int length) {
            return Resampling.bilinearDoubling(length).then(Resampling.reflectionPad(2 * length));
        }

        private T withLatent(T x) {
            Shape shape = layers.ops().shape(x);
            return layers.ops().concat(1, List.of(x, layers.ops().tile(z, shape.height(), shape.width())));
        }
    }
}
