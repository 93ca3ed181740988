package dev.tandem.model.interop;

import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Infers settings from the shapes of junyanz/BicycleGAN's weights. */
record JunyanzSettings(Map<Member, WeightFile> files) {
    private static final int RGB_CHANNELS = 3;
    /** Ranks of weights. */
    private static final int CONVOLUTION = 4;

    private static final int LINEAR = 2;

    List<String> inferred() {
        WeightFile generator = files.get(Member.GENERATOR);
        boolean latentAtEveryLevel = generator.has("model.down.0.weight");
        Shape first = generator.requiredShape(
                latentAtEveryLevel ? "model.down.0.weight" : "model.model.0.weight", CONVOLUTION);
        boolean bilinear =
                generator.shapes().values().stream().anyMatch(shape -> shape.rank() == 4 && shape.height() == 3);
        int width = first.dim(0);
        int latent = latent(generator, latentAtEveryLevel, first);
        int input = first.dim(1) - latent;
        int output = generator
                .requiredShape(
                        (latentAtEveryLevel ? "model.up." : "model.model.") + outermostUp(latentAtEveryLevel, bilinear),
                        1)
                .dim(0);
        // Every level has a down-convolution and an up-convolution.
        long depth = generator.countConvolutions(".*") / 2;
        List<String> settings = new ArrayList<>(List.of(
                "model.preset=paper",
                "model.width=" + width,
                "model.latent=" + latent,
                "model.input-channels=" + input,
                "model.output-channels=" + output,
                "model.image-size=" + (1 << depth),
                "model.generator.depth=" + depth,
                "model.generator.latent-injection=" + (latentAtEveryLevel ? "all" : "input"),
                "model.generator.upsample=" + (bilinear ? "bilinear" : "basic")));
        if (hasBatchNorm(generator)) {
            settings.add("model.norm=batch");
        }
        addEncoder(settings);
        addDiscriminator(settings, output);
        return settings;
    }

    /** Requires a weight beside the running statistics, because old instance norms have unused running statistics. */
    private static boolean hasBatchNorm(WeightFile generator) {
        return generator.shapes().entrySet().stream()
                .anyMatch(entry -> entry.getKey().endsWith(".weight")
                        && entry.getValue().rank() == 1
                        && generator.has(entry.getKey().replaceFirst("weight$", "running_mean")));
    }

    private int latent(WeightFile generator, boolean latentAtEveryLevel, Shape first) {
        WeightFile encoder = files.get(Member.ENCODER);
        if (encoder != null && encoder.has("fc.0.weight")) {
            return encoder.requiredShape("fc.0.weight", LINEAR).dim(0);
        }
        return latentAtEveryLevel
                ? generator
                                .requiredShape("model.submodule.down.1.weight", CONVOLUTION)
                                .dim(1)
                        - first.dim(0)
                : Math.max(0, first.dim(1) - RGB_CHANNELS);
    }

    /** Bias of the outermost up-convolution; with bilinear upsampling, upsampling and padding come before it. */
    private static String outermostUp(boolean latentAtEveryLevel, boolean bilinear) {
        return (latentAtEveryLevel ? 1 : 3) + (bilinear ? 2 : 0) + ".bias";
    }

    private void addEncoder(List<String> settings) {
        Optional.ofNullable(files.get(Member.ENCODER)).ifPresent(encoder -> {
            long blocks = encoder.countConvolutions("conv\\.\\d+\\.shortcut\\.1\\.weight");
            settings.add("model.encoder.type=" + (blocks > 0 ? "resnet" : "conv"));
            settings.add("model.encoder.blocks=" + (blocks > 0 ? blocks : encoder.countConvolutions(".*") - 1));
        });
    }

    private void addDiscriminator(List<String> settings, int output) {
        Optional.ofNullable(files.get(Member.D_VAE)).ifPresent(discriminator -> {
            boolean multiScale = discriminator.has("model_0.0.weight");
            String first = multiScale ? "model_0." : "model.";
            int inputs =
                    discriminator.requiredShape(first + "0.weight", CONVOLUTION).dim(1);
            settings.add("model.discriminator.scales="
                    + (multiScale ? discriminator.countConvolutions("model_\\d+\\.0\\.weight") : 1));
            settings.add("model.discriminator.layers="
                    + (discriminator.countConvolutions(first.replace(".", "\\.") + "\\d+\\.weight") - 2));
            settings.add("model.discriminator.conditional=" + (inputs > output));
        });
    }
}
