package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Settings of the networks and of their computation.
 *
 * @param preset layer of defaults, which also selects the architecture
 * @param imageSize height and width of the images inside the model
 * @param direction which image of a pair is the input
 * @param inputChannels channels of the input images
 * @param outputChannels channels of the output images
 * @param width channels after the first convolution (ngf = nef = ndf)
 * @param latent length of z; 0: the model has no latent
 * @param norm normalisation in the generator
 * @param compute how and where the model is computed
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
        ComputeSettings compute,
        Generator generator,
        Encoder encoder,
        Discriminator discriminator) {

    /** Layer of defaults. {@code TANDEM} and {@code PAPER} have the authors' architecture, {@code SEED} that of PyTorch-GAN. */
    public enum Preset {
        TANDEM,
        PAPER,
        SEED
    }

    /** Direction of translation: from the left image of a pair to the right one, or the reverse. */
    public enum Direction {
        ATOB,
        BTOA
    }

    /** Normalisation layers. */
    public enum Norm {
        INSTANCE,
        BATCH,
        GROUP,
        NONE
    }

    /** Where z enters the generator. */
    public enum LatentInjection {
        ALL,
        INPUT,
        MODULATION,
        LINEAR
    }

    /** Upsampling in the generator. */
    public enum Upsample {
        BASIC,
        BILINEAR,
        NEAREST
    }

    /** Padding of the generator's down-convolutions. */
    public enum Padding {
        ZERO,
        REFLECT
    }

    /** Activation in the generator's up-convolutions. */
    public enum Activation {
        RELU,
        LRELU,
        ELU
    }

    /** Encoder network; {@code NONE} means that z is never encoded. */
    public enum EncoderType {
        RESNET,
        CONV,
        RESNET18,
        NONE
    }

    /**
     * Settings of the generator, a U-Net.
     *
     * @param depth number of down-convolutions; empty: derived from the image size
     */
    public record Generator(
            LatentInjection latentInjection,
            Padding padding,
            Upsample upsample,
            Activation activation,
            OptionalInt depth) {
        public Generator {
            depth.ifPresent(value -> RangeCheck.range("model.generator.depth", value, 2, 11));
        }
    }

    /**
     * Settings of the encoder.
     *
     * @param norm normalisation in the encoder
     * @param blocks number of residual blocks, or of convolutions after the first one; empty: derived from the image size
     */
    public record Encoder(EncoderType type, Norm norm, OptionalInt blocks) {
        public Encoder {
            blocks.ifPresent(value -> RangeCheck.range("model.encoder.blocks", value, 1, 8));
        }
    }

    /**
     * Settings of the discriminators.
     *
     * @param norm normalisation in the discriminators
     * @param scales number of scales
     * @param layers stride-2 convolutions per scale; empty: derived from preset and image size
     * @param conditional whether the discriminators also see A
     * @param shared whether both branches use one discriminator
     */
    public record Discriminator(Norm norm, int scales, OptionalInt layers, boolean conditional, boolean shared) {
        public Discriminator {
            RangeCheck.range("model.discriminator.scales", scales, 1, 4);
            layers.ifPresent(value -> RangeCheck.range("model.discriminator.layers", value, 1, 5));
        }
    }

    private static final int WITH_ALPHA = 4;
    private static final List<Integer> CHANNELS = List.of(1, 3, WITH_ALPHA);
    private static final int MIN_TANDEM_DEPTH = 4;
    private static final int MIN_DEPTH = 5;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_SEED_DEPTH = 7;
    private static final int SEED_DISCRIMINATOR_LAYERS = 4;

    public ModelSettings {
        RangeCheck.require(
                CHANNELS.contains(inputChannels), "model.input-channels", inputChannels, "one of " + CHANNELS);
        RangeCheck.require(
                CHANNELS.contains(outputChannels), "model.output-channels", outputChannels, "one of " + CHANNELS);
        RangeCheck.range("model.width", width, 2, 256);
        RangeCheck.range("model.latent", latent, 0, 512);
        requireOptionsOfPreset(preset, norm, generator, encoder, discriminator);
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

    private static void requireOptionsOfPreset(
            Preset preset, Norm norm, Generator generator, Encoder encoder, Discriminator discriminator) {
        boolean seed = preset == Preset.SEED;
        Set<Norm> norms = seed ? EnumSet.of(Norm.BATCH) : EnumSet.allOf(Norm.class);
        requireOption(preset, "model.norm", norm, norms);
        requireOption(preset, "model.encoder.norm", encoder.norm, norms);
        requireOption(preset, "model.discriminator.norm", discriminator.norm, norms);
        requireOption(
                preset,
                "model.generator.latent-injection",
                generator.latentInjection,
                seed ? EnumSet.of(LatentInjection.LINEAR) : EnumSet.complementOf(EnumSet.of(LatentInjection.LINEAR)));
        requireOption(
                preset,
                "model.generator.padding",
                generator.padding,
                seed ? EnumSet.of(Padding.ZERO) : EnumSet.allOf(Padding.class));
        requireOption(
                preset,
                "model.generator.upsample",
                generator.upsample,
                seed ? EnumSet.of(Upsample.NEAREST) : EnumSet.of(Upsample.BASIC, Upsample.BILINEAR));
        requireOption(
                preset,
                "model.generator.activation",
                generator.activation,
                seed ? EnumSet.of(Activation.RELU) : EnumSet.allOf(Activation.class));
        requireOption(
                preset,
                "model.encoder.type",
                encoder.type,
                seed
                        ? EnumSet.of(EncoderType.RESNET18, EncoderType.NONE)
                        : EnumSet.of(EncoderType.RESNET, EncoderType.CONV, EncoderType.NONE));
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
                ComputeSettings.from(model),
                new Generator(
                        generator.choice("latent-injection", LatentInjection.class),
                        generator.choice("padding", Padding.class),
                        generator.choice("upsample", Upsample.class),
                        generator.choice("activation", Activation.class),
                        generator.integerOrAuto("depth")),
                new Encoder(
                        encoder.choice("type", EncoderType.class),
                        encoder.choice("norm", Norm.class),
                        encoder.integerOrAuto("blocks")),
                new Discriminator(
                        discriminator.choice("norm", Norm.class),
                        discriminator.integer("scales"),
                        discriminator.integerOrAuto("layers"),
                        discriminator.flag("conditional"),
                        discriminator.flag("shared")));
    }

    /** Whether a setting under {@code model} describes the networks, and not the machine that computes them. */
    public static boolean describesNetworks(String key) {
        return key.startsWith("model.") && !ComputeSettings.KEYS.contains(key);
    }

    /** Whether the model has an encoder. Without an encoder or a latent, it has only the cVAE-GAN branch. */
    public boolean encodes() {
        return latent > 0 && encoder.type != EncoderType.NONE;
    }

    /** Whether the input or the output images have transparency. */
    public boolean hasAlpha() {
        return inputChannels == WITH_ALPHA || outputChannels == WITH_ALPHA;
    }

    /**
     * Returns the number of the generator's down-convolutions. The default of preset paper is 8 at 256 pixels and 7 at
     * 128, as in the authors' {@code unet_256} and {@code unet_128}; that of preset tandem is one less.
     */
    public int generatorDepth() {
        return depth(preset, generator, imageSize);
    }

    /**
     * Returns the number of the encoder's blocks. The default is 4 at 256 pixels and 3 at 128, as in the authors'
     * {@code resnet_256} and {@code resnet_128}.
     */
    public int encoderBlocks() {
        return encoder.blocks().orElse(Math.max(1, log2(imageSize.shorterSide()) - 4));
    }

    /**
     * Returns the number of stride-2 convolutions per discriminator scale. The default is 3 from 256 pixels on and 2
     * below, as in the authors' {@code basic_256_multi} and {@code basic_128_multi}.
     */
    public int discriminatorLayers() {
        return discriminator
                .layers()
                .orElse(preset == Preset.SEED ? SEED_DISCRIMINATOR_LAYERS : imageSize.shorterSide() >= 256 ? 3 : 2);
    }

    private static int depth(Preset preset, Generator generator, ImageSize size) {
        return generator.depth().orElseGet(() -> {
            int halvings = Integer.numberOfTrailingZeros(size.height() | size.width());
            if (preset == Preset.TANDEM) {
                // A map of one pixel is constant after bilinear upsampling, and instance norm removes constants. The
                // receptive field of the innermost layer still covers the whole image with one level less.
                return Math.max(MIN_TANDEM_DEPTH, Math.min(MAX_DEPTH, halvings - 1));
            }
            int max = preset == Preset.SEED ? MAX_SEED_DEPTH : MAX_DEPTH;
            // With fewer levels, the receptive field of the innermost layer does not cover the whole image.
            return Math.max(MIN_DEPTH, Math.min(max, halvings));
        });
    }

    private static int log2(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }

    private static <E extends Enum<E>> void requireOption(Preset preset, String key, E value, Set<E> allowed) {
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
