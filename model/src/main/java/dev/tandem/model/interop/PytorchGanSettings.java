package dev.tandem.model.interop;

import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings that the shapes of PyTorch-GAN's weights tell of. */
record PytorchGanSettings(Map<Member, WeightFile> files) {

    List<String> guessed() {
        WeightFile generator = files.get(Member.GENERATOR);
        Shape linear = generator.required("fc.weight");
        Shape first = generator.required("down1.model.0.weight");
        long side = Math.round(Math.sqrt(linear.dim(0)));
        List<String> settings = new ArrayList<>(List.of(
                "model.preset=seed",
                "model.latent=" + linear.dim(1),
                "model.width=" + first.dim(0),
                "model.input-channels=" + (first.dim(1) - 1),
                "model.output-channels=" + generator.required("final.1.bias").dim(0),
                "model.generator.depth=" + generator.count("down\\d+\\.model\\.0\\.weight", true)));
        if (side * side == linear.dim(0)) {
            settings.add("model.image-size=" + side);
        }
        Optional.ofNullable(files.get(Member.D_VAE)).ifPresent(discriminator -> {
            settings.add("model.discriminator.scales=" + discriminator.count("models\\.disc_\\d+\\.0\\.weight", true));
            settings.add(
                    "model.discriminator.layers=" + (discriminator.count("models\\.disc_0\\.\\d+\\.weight", true) - 1));
        });
        return settings;
    }
}
