package dev.tandem.model.interop;

import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings that the shapes of junyanz/BicycleGAN's weights tell of. */
record JunyanzSettings(Map<Member, WeightFile> files) {
    private static final int COLOUR = 3;

    List<String> guessed() {
        WeightFile generator = files.get(Member.GENERATOR);
        boolean all = generator.has("model.down.0.weight");
        Shape first = generator.required(all ? "model.down.0.weight" : "model.model.0.weight");
        boolean bilinear =
                generator.shapes().values().stream().anyMatch(shape -> shape.rank() == 4 && shape.height() == 3);
        int width = first.dim(0);
        int latent = latent(generator, all, first);
        int input = first.dim(1) - latent;
        int output = generator
                .required((all ? "model.up." : "model.model.") + outermostUp(all, bilinear))
                .dim(0);
        // A down- and an up-convolution for every level.
        long depth = generator.count(".*", true) / 2;
        List<String> settings = new ArrayList<>(List.of(
                "model.preset=paper",
                "model.width=" + width,
                "model.latent=" + latent,
                "model.input-channels=" + input,
                "model.output-channels=" + output,
                "model.image-size=" + (1 << depth),
                "model.generator.depth=" + depth,
                "model.generator.latent-injection=" + (all ? "all" : "input"),
                "model.generator.upsample=" + (bilinear ? "bilinear" : "basic")));
        if (hasBatchNorm(generator)) {
            settings.add("model.norm=batch");
        }
        encoder(settings);
        discriminator(settings, output);
        return settings;
    }

    /** Running statistics alone are not enough: old instance norms kept them too, for nothing. */
    private static boolean hasBatchNorm(WeightFile generator) {
        return generator.shapes().entrySet().stream()
                .anyMatch(entry -> entry.getKey().endsWith(".weight")
                        && entry.getValue().rank() == 1
                        && generator.has(entry.getKey().replaceFirst("weight$", "running_mean")));
    }

    private int latent(WeightFile generator, boolean all, Shape first) {
        Optional<Shape> encoded =
                Optional.ofNullable(files.get(Member.ENCODER)).flatMap(file -> file.shape("fc.0.weight"));
        if (encoded.isPresent()) {
            return encoded.get().dim(0);
        }
        return all
                ? generator.required("model.submodule.down.1.weight").dim(1) - first.dim(0)
                : Math.max(0, first.dim(1) - COLOUR);
    }

    /** The outermost up-convolution's bias: behind the activation, and with bilinear upsampling two more places. */
    private static String outermostUp(boolean all, boolean bilinear) {
        return (all ? 1 : 3) + (bilinear ? 2 : 0) + ".bias";
    }

    private void encoder(List<String> settings) {
        Optional.ofNullable(files.get(Member.ENCODER)).ifPresent(encoder -> {
            long blocks = encoder.count("conv\\.\\d+\\.shortcut\\.1\\.weight", true);
            settings.add("model.encoder.type=" + (blocks > 0 ? "resnet" : "conv"));
            settings.add("model.encoder.blocks=" + (blocks > 0 ? blocks : encoder.count(".*", true) - 1));
        });
    }

    private void discriminator(List<String> settings, int output) {
        Optional.ofNullable(files.get(Member.D_VAE)).ifPresent(discriminator -> {
            boolean several = discriminator.has("model_0.0.weight");
            String first = several ? "model_0." : "model.";
            int seen = discriminator.required(first + "0.weight").dim(1);
            settings.add("model.discriminator.scales="
                    + (several ? discriminator.count("model_\\d+\\.0\\.weight", true) : 1));
            settings.add("model.discriminator.layers="
                    + (discriminator.count(first.replace(".", "\\.") + "\\d+\\.weight", true) - 2));
            settings.add("model.discriminator.conditional=" + (seen > output));
        });
    }
}
