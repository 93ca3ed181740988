package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.LatentInjection;
import dev.tandem.config.ModelSettings.Padding;
import dev.tandem.config.ModelSettings.Upsample;
import dev.tandem.model.engine.Resampling;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Generator of presets {@code tandem} and {@code paper}: a U-Net that gets the latent before every down-convolution, only
 * beside A, or as scale and shift of every map on the way up. Its down-convolutions pad with zeros or by reflection.
 *
 * <p>Source: the authors' {@code unet_256} and {@code unet_128}, section 5 of the paper; for scale and shift, Huang and
 * Belongie, "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", ICCV 2017.
 */
record UNet(ModelSettings settings, Layers.Style style) implements Generator {
    private static final int MAX_WIDTH_FACTOR = 8;
    /** First of the equally wide inner levels, to which the authors apply dropout. */
    private static final int FIRST_DROPOUT_LEVEL = 4;

    @Override
    public <T> T forward(ForwardPass<T> pass, T a, Optional<T> z) {
        return new Blocks<>(this, new Layers<>(pass, style), z).outermost(a);
    }

    /** Channels after down-convolution {@code level}: 64, 128, 256, 512, 512, ... at width 64. */
    private int channelsAfter(int level) {
        return settings.width() * Math.min(MAX_WIDTH_FACTOR, 1 << level);
    }

    /** The nested blocks of the U-Net; level 0 is the outermost. */
    private record Blocks<T>(UNet net, Layers<T> layers, Optional<T> z) {

        T outermost(T a) {
            T inner = inner(down(injects(LatentInjection.MODULATION) ? a : withLatent(a), 0), 1);
            return layers.ops().tanh(up(inner, 0, net.settings.outputChannels()));
        }

        /** The block of a level with all blocks inside it, concatenated with its input by the skip connection. */
        private T inner(T x, int level) {
            boolean innermost = level == net.settings.generatorDepth() - 1;
            boolean latentAtEveryLevel = injects(LatentInjection.ALL);
            T activated = layers.leakyRelu(latentAtEveryLevel ? withLatent(x) : x);
            T down = down(activated, level);
            T below = innermost ? down : inner(layers.norm("down." + level, down), level + 1);
            T up = modulated("up." + level, layers.norm("up." + level, up(below, level, net.channelsAfter(level - 1))));
            T dropped = !innermost && level >= FIRST_DROPOUT_LEVEL
                    ? layers.pass().dropout().apply("up." + level, up)
                    : up;
            // The authors' activation works in place: unless z enters at every level, the skip carries its result.
            return layers.ops().concat(1, List.of(dropped, latentAtEveryLevel ? x : activated));
        }

        private boolean injects(LatentInjection way) {
            return z.isPresent() && net.settings.generator().latentInjection() == way;
        }

        private T modulated(String name, T x) {
            return injects(LatentInjection.MODULATION) ? layers.modulated(name, x, z.orElseThrow()) : x;
        }

        private T down(T x, int level) {
            boolean reflects = net.settings.generator().padding() == Padding.REFLECT;
            return layers.conv(
                    "down." + level, reflects ? reflected(x) : x, net.channelsAfter(level), 4, 2, reflects ? 0 : 1);
        }

        private T reflected(T x) {
            Shape shape = layers.ops().shape(x);
            return layers.ops()
                    .resample(x, Resampling.reflectionPad(shape.height()), Resampling.reflectionPad(shape.width()));
        }

        private T up(T x, int level, int channels) {
            T active = active(x);
            String name = "up." + level;
            return net.settings.generator().upsample() == Upsample.BASIC
                    ? layers.convTranspose(name, active, channels, 4, 2, 1)
                    : layers.conv(name, doubledAndPadded(active), channels, 3, 1, 0);
        }

        private T active(T x) {
            return switch (net.settings.generator().activation()) {
                case RELU -> layers.relu(x);
                case LRELU -> layers.leakyRelu(x);
                case ELU -> layers.ops().elu(x);
            };
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
            return z.map(latent -> layers.ops()
                            .concat(1, List.of(x, layers.ops().tile(latent, shape.height(), shape.width()))))
                    .orElse(x);
        }
    }
}
