package dev.tandem.model.interop;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.EncoderType;
import dev.tandem.config.ModelSettings.LatentInjection;
import dev.tandem.config.ModelSettings.Norm;
import dev.tandem.config.ModelSettings.Upsample;

/**
 * The names of layers in junyanz/BicycleGAN: indices in nested sequences, which depend on the layers before.
 *
 * <p>Down path: activation (not outermost), convolution, norm (not outermost, not innermost). Up path: activation,
 * transposed convolution (or upsampling, padding, convolution), norm (not outermost).
 */
record JunyanzNames(ModelSettings settings) implements UpstreamNames {
    private static final String NORM = "norm";

    /** @param parts {@code down.LEVEL} or {@code up.LEVEL}, optionally with {@code norm} */
    @Override
    public String generator(String[] parts) {
        int level = Integer.parseInt(parts[1]);
        int normOffset = parts.length > 2 ? 1 : 0;
        boolean down = parts[0].equals("down");
        if (settings.generator().latentInjection() == LatentInjection.ALL && settings.latent() > 0) {
            String block = "model." + "submodule.".repeat(level);
            return down
                    ? block + "down." + (downConvolution(level) + normOffset)
                    : block + "up." + (upConvolution() + normOffset);
        }
        StringBuilder block = new StringBuilder("model.model.");
        for (int outer = 0; outer < level; outer++) {
            block.append(submodule(outer)).append(".model.");
        }
        boolean innermost = level == settings.generatorDepth() - 1;
        int upPath = innermost ? submodule(level) - norms(settings.norm()) : submodule(level) + 1;
        return block.toString() + (down ? downConvolution(level) + normOffset : upPath + upConvolution() + normOffset);
    }

    /** Index of the down-convolution in the down path. */
    private static int downConvolution(int level) {
        return level == 0 ? 0 : 1;
    }

    /** Index of the up-convolution in the up path. */
    private int upConvolution() {
        return settings.generator().upsample() == Upsample.BASIC ? 1 : 3;
    }

    /** Index of the inner block in the sequence of its outer block. */
    private int submodule(int level) {
        return downConvolution(level) + 1 + (level == 0 ? 0 : norms(settings.norm()));
    }

    /** Number of norm layers after a convolution. */
    private static int norms(Norm norm) {
        return norm == Norm.NONE ? 0 : 1;
    }

    @Override
    public String encoder(String[] parts) {
        return switch (parts[0]) {
            case "stem" -> "conv.0";
            case "mu" -> "fc.0";
            case "logvar" -> "fcVar.0";
            default -> settings.encoder().type() == EncoderType.CONV ? stacked(parts) : residual(parts);
        };
    }

    /** {@code block.B}: the stem is convolution and activation; a block is convolution, norm and activation. */
    private String stacked(String[] parts) {
        int convolution =
                2 + Integer.parseInt(parts[1]) * (2 + norms(settings.encoder().norm()));
        return "conv." + (parts[parts.length - 1].equals(NORM) ? convolution + 1 : convolution);
    }

    /** {@code block.B.conv1} etc.: norm, activation, convolution, norm, activation, (convolution, pooling). */
    private String residual(String[] parts) {
        String block = "conv." + (Integer.parseInt(parts[1]) + 1) + ".";
        boolean norm = parts[parts.length - 1].equals(NORM);
        int norms = norms(settings.encoder().norm());
        return switch (parts[2]) {
            case "conv1" -> block + "conv." + (norm ? 0 : 1 + norms);
            case "conv2" -> block + "conv." + (norm ? 2 + norms : 3 + 2 * norms + ".0");
            default -> block + "shortcut.1";
        };
    }

    /** {@code scale.S.LAYER}: convolution and activation; then convolution, norm and activation; last a convolution. */
    @Override
    public String discriminator(String[] parts) {
        String scale = settings.discriminator().scales() == 1 ? "model." : "model_" + parts[1] + ".";
        int layer = Integer.parseInt(parts[2]);
        int convolution = layer == 0
                ? 0
                : 2 + (layer - 1) * (2 + norms(settings.discriminator().norm()));
        return scale + (parts.length > 3 ? convolution + 1 : convolution);
    }
}
