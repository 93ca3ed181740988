package dev.tandem.model.interop;

import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Infers settings from the shapes of PyTorch-GAN's weights. */
record PytorchGanSettings(Map<Member, WeightFile> files) {
    /** Ranks of weights. */
    private static final int CONVOLUTION = 4;

    private static final int LINEAR = 2;

    List<String> inferred() {
        WeightFile generator = files.get(Member.GENERATOR);
        Shape linear = generator.requiredShape("fc.weight", LINEAR);
        Shape first = generator.requiredShape("down1.model.0.weight", CONVOLUTION);
        long side = Math.round(Math.sqrt(linear.dim(0)));
        List<String> settings = new ArrayList<>(List.of(
                "model.preset=seed",
                "model.latent=" + linear.dim(1),
                "model.width=" + first.dim(0),
                "model.input-channels=" + (first.dim(1) - 1),
                "model.output-channels="
                        + generator.requiredShape("final.1.bias", 1).dim(0),
                "model.generator.depth=" + generator.countConvolutions("down\\d+\\.model\\.0\\.weight")));
        if (side * side == linear.dim(0)) {
            settings.add("model.image-size=" + side);
        }
        Optional.ofNullable(files.get(Member.D_VAE)).ifPresent(discriminator -> {
            settings.add(
                    "model.discriminator.scales=" + discriminator.countConvolutions("models\\.disc_\\d+\\.0\\.weight"));
            settings.add("model.discriminator.layers="
                    + (discriminator.countConvolutions("models\\.disc_0\\.\\d+\\.weight") - 1));
        });
        return settings;
    }
}
