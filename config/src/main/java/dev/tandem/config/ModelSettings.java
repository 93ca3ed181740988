package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which networks, how large, and on which device.
 *
 * @param inputChannels of the pictures to translate
 * @param outputChannels of the translations
 * @param width channels after the first convolution (ngf = nef = ndf)
 * @param latent length of z; 0: there is none
 */
public record ModelSettings(
        Preset preset,
        ImageSize imageSize,
        Direction direction,
        int inputChannels,
        int outputChannels,
        int width,
        int latent,
        Norm norm,
        Device device,
        Generator generator,
        Encoder encoder,
        Discriminator discriminator) {

    public enum Preset {
        PAPER,
        SEED
    }

    /** Which picture of a pair is the input. */
    public enum Direction {
        ATOB,
        BTOA
    }

    public enum Norm {
        INSTANCE,
        BATCH,
        NONE
    }

    public enum Device {
        AUTO,
        CPU,
        CUDA
    }

    public enum LatentInjection {
        ALL,
        INPUT,
        LINEAR
    }

    public enum Upsample {
        BASIC,
        BILINEAR,
        NEAREST
    }

    public enum Activation {
        RELU,
        LRELU,
        ELU
    }

    public enum EncoderType {
        RESNET,
        CONV,
        RESNET18,
        NONE
    }

    /** @param depth number of down-convolutions; empty: as many as the size allows, up to the preset's */
    public record Generator(
            LatentInjection latentInjection, Upsample upsample, Activation activation, OptionalInt depth) {
        public Generator {
            depth.ifPresent(value -> RangeCheck.range("model.generator.depth", value, 2, 11));
        }
    }

    /** @param blocks number of residual blocks, or of convolutions after the first; empty: by size */
    public record Encoder(EncoderType type, OptionalInt blocks) {
        public Encoder {
            blocks.ifPresent(value -> RangeCheck.range("model.encoder.blocks", value, 1, 8));
        }
    }

    /**
     * @param layers stride-2 convolutions of each scale; empty: by preset and size
     * @param conditional whether it sees A too
     * @param shared whether one serves both branches
     */
    public record Discriminator(int scales, OptionalInt layers, boolean conditional, boolean shared) {
        public Discriminator {
            RangeCheck.range("model.discriminator.scales", scales, 1, 4);
            layers.ifPresent(value -> RangeCheck.range("model.discriminator.layers", value, 1, 5));
        }
    }

    private static final int WITH_ALPHA = 4;
    private static final List<Integer> CHANNELS = List.of(1, 3, WITH_ALPHA);
    private static final int PAPER_DEPTH = 8;
    private static final int SEED_DEPTH = 7;
    private static final int SEED_DISCRIMINATOR_LAYERS = 4;

    public ModelSettings {
        RangeCheck.require(
                CHANNELS.contains(inputChannels), "model.input-channels", inputChannels, "one of " + CHANNELS);
        RangeCheck.require(
                CHANNELS.contains(outputChannels), "model.output-channels", outputChannels, "one of " + CHANNELS);
        RangeCheck.range("model.width", width, 2, 256);
        RangeCheck.range("model.latent", latent, 0, 512);
        boolean seed = preset == Preset.SEED;
        allow(preset, "model.norm", norm, seed ? EnumSet.of(Norm.BATCH) : EnumSet.allOf(Norm.class));
        allow(
                preset,
                "model.generator.latent-injection",
                generator.latentInjection,
                seed ? EnumSet.of(LatentInjection.LINEAR) : EnumSet.of(LatentInjection.ALL, LatentInjection.INPUT));
        allow(
                preset,
                "model.generator.upsample",
                generator.upsample,
                seed ? EnumSet.of(Upsample.NEAREST) : EnumSet.of(Upsample.BASIC, Upsample.BILINEAR));
        allow(
                preset,
                "model.generator.activation",
                generator.activation,
                seed ? EnumSet.of(Activation.RELU) : EnumSet.allOf(Activation.class));
        allow(
                preset,
                "model.encoder.type",
                encoder.type,
                seed
                        ? EnumSet.of(EncoderType.RESNET18, EncoderType.NONE)
                        : EnumSet.of(EncoderType.RESNET, EncoderType.CONV, EncoderType.NONE));
        boolean hasBlocks = encoder.type == EncoderType.RESNET || encoder.type == EncoderType.CONV;
        RangeCheck.require(
                hasBlocks || encoder.blocks.isEmpty(),
                "model.encoder.blocks",
                encoder.blocks.orElse(0),
                "\"auto\" with model.encoder.type " + lower(encoder.type));
        int multiple = 1 << depth(preset, generator, imageSize);
        RangeCheck.require(
                imageSize.height() % multiple == 0 && imageSize.width() % multiple == 0,
                "model.image-size",
                imageSize,
                "a multiple of " + multiple + " on both sides (2^depth, see model.generator.depth)");
    }

    static ModelSettings from(Config tandem) {
        SettingsSection model = SettingsSection.of(tandem, "model");
        SettingsSection generator = model.child("generator");
        SettingsSection encoder = model.child("encoder");
        SettingsSection discriminator = model.child("discriminator");
        return new ModelSettings(
                model.choice("preset", Preset.class),
                ImageSize.parse(model.text("image-size")),
                model.choice("direction", Direction.class),
                model.integer("input-channels"),
                model.integer("output-channels"),
                model.integer("width"),
                model.integer("latent"),
                model.choice("norm", Norm.class),
                model.choice("device", Device.class),
                new Generator(
                        generator.choice("latent-injection", LatentInjection.class),
                        generator.choice("upsample", Upsample.class),
                        generator.choice("activation", Activation.class),
                        generator.integerOrAuto("depth")),
                new Encoder(encoder.choice("type", EncoderType.class), encoder.integerOrAuto("blocks")),
                new Discriminator(
                        discriminator.integer("scales"),
                        discriminator.integerOrAuto("layers"),
                        discriminator.flag("conditional"),
                        discriminator.flag("shared")));
    }

    /** Whether there is an encoder: without one, or without a latent, there is the first branch only. */
    public boolean encodes() {
        return latent > 0 && encoder.type != EncoderType.NONE;
    }

    /** Whether transparency is part of the pictures, on either side. */
    public boolean seesAlpha() {
        return inputChannels == WITH_ALPHA || outputChannels == WITH_ALPHA;
    }

    /** Number of the generator's down-convolutions: 8 at 256, 7 at 128 (the authors' unet_256 and unet_128). */
    public int generatorDepth() {
        return depth(preset, generator, imageSize);
    }

    /** Number of the encoder's residual blocks: 4 at 256, 3 at 128 (the authors' resnet_256 and resnet_128). */
    public int encoderBlocks() {
        return encoder.blocks().orElse(Math.max(1, log2(imageSize.shorterSide()) - 4));
    }

    /** Stride-2 convolutions of each discriminator scale: 3 from 256 on, else 2 (basic_256_multi, basic_128_multi). */
    public int discriminatorLayers() {
        return discriminator
                .layers()
                .orElse(preset == Preset.SEED ? SEED_DISCRIMINATOR_LAYERS : imageSize.shorterSide() >= 256 ? 3 : 2);
    }

    private static int depth(Preset preset, Generator generator, ImageSize size) {
        return generator.depth().orElseGet(() -> {
            int halvings = Integer.numberOfTrailingZeros(size.height() | size.width());
            // Fewer than five leave the innermost layer too little of the picture to see it as a whole.
            return Math.max(5, Math.min(preset == Preset.SEED ? SEED_DEPTH : PAPER_DEPTH, halvings));
        });
    }

    private static int log2(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }

    private static <E extends Enum<E>> void allow(Preset preset, String key, E value, Set<E> allowed) {
        RangeCheck.require(
                allowed.contains(value),
                key,
                lower(value),
                "one of " + allowed.stream().map(ModelSettings::lower).toList() + " with model.preset "
                        + lower(preset));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
