package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.OptionalInt;

/**
 * Which networks, how large, and on which device.
 *
 * @param width channels after the first convolution (ngf = nef = ndf)
 * @param latent length of z
 */
public record ModelSettings(
        Preset preset,
        ImageSize imageSize,
        int width,
        int latent,
        Device device,
        Generator generator,
        Encoder encoder,
        Discriminator discriminator) {

    public enum Preset {
        PAPER
    }

    public enum Device {
        AUTO,
        CPU,
        CUDA
    }

    public enum LatentInjection {
        ALL,
        INPUT
    }

    public enum Upsample {
        BASIC,
        BILINEAR
    }

    /** @param depth number of down-convolutions; empty: as many as the size allows, at most 8 */
    public record Generator(LatentInjection latentInjection, Upsample upsample, OptionalInt depth) {
        public Generator {
            depth.ifPresent(value -> Check.range("model.generator.depth", value, 2, 11));
        }
    }

    /** @param blocks number of residual blocks; empty: by size */
    public record Encoder(OptionalInt blocks) {
        public Encoder {
            blocks.ifPresent(value -> Check.range("model.encoder.blocks", value, 1, 8));
        }
    }

    /** @param layers stride-2 convolutions of each scale; empty: by size */
    public record Discriminator(int scales, OptionalInt layers) {
        public Discriminator {
            Check.range("model.discriminator.scales", scales, 1, 4);
            layers.ifPresent(value -> Check.range("model.discriminator.layers", value, 1, 5));
        }
    }

    private static final int PAPER_DEPTH = 8;

    public ModelSettings {
        Check.range("model.width", width, 2, 256);
        Check.range("model.latent", latent, 1, 512);
        int multiple = 1 << depth(generator, imageSize);
        Check.require(
                imageSize.height() % multiple == 0 && imageSize.width() % multiple == 0,
                "model.image-size",
                imageSize,
                "a multiple of " + multiple + " on both sides (2^depth, see model.generator.depth)");
    }

    static ModelSettings from(Config tandem) {
        Section model = Section.of(tandem, "model");
        Section generator = model.child("generator");
        Section discriminator = model.child("discriminator");
        return new ModelSettings(
                model.choice("preset", Preset.class),
                ImageSize.parse(model.text("image-size")),
                model.integer("width"),
                model.integer("latent"),
                model.choice("device", Device.class),
                new Generator(
                        generator.choice("latent-injection", LatentInjection.class),
                        generator.choice("upsample", Upsample.class),
                        generator.integerOrAuto("depth")),
                new Encoder(model.child("encoder").integerOrAuto("blocks")),
                new Discriminator(discriminator.integer("scales"), discriminator.integerOrAuto("layers")));
    }

    /** Number of the generator's down-convolutions: 8 at 256, 7 at 128 (the authors' unet_256 and unet_128). */
    public int generatorDepth() {
        return depth(generator, imageSize);
    }

    /** Number of the encoder's residual blocks: 4 at 256, 3 at 128 (the authors' resnet_256 and resnet_128). */
    public int encoderBlocks() {
        return encoder.blocks().orElse(Math.max(1, log2(imageSize.shorterSide()) - 4));
    }

    /** Stride-2 convolutions of each discriminator scale: 3 from 256 on, else 2 (basic_256_multi, basic_128_multi). */
    public int discriminatorLayers() {
        return discriminator.layers().orElse(imageSize.shorterSide() >= 256 ? 3 : 2);
    }

    private static int depth(Generator generator, ImageSize size) {
        return generator.depth().orElseGet(() -> {
            int halvings = Integer.numberOfTrailingZeros(size.height() | size.width());
            // Fewer than five leave the innermost layer too little of the picture to see it as a whole.
            return Math.max(5, Math.min(PAPER_DEPTH, halvings));
        });
    }

    private static int log2(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }
}
