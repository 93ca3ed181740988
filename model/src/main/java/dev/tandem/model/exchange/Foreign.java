package dev.tandem.model.exchange;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs whose weights can be read. */
public enum Foreign {
    JUNYANZ {
        @Override
        ForeignNames names(ModelSettings settings) {
            return new JunyanzNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new JunyanzSettings(files).guessed();
        }
    },
    PYTORCH_GAN {
        @Override
        ForeignNames names(ModelSettings settings) {
            return new PytorchGanNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return pytorchGanSettings(files);
        }
    };

    abstract ForeignNames names(ModelSettings settings);

    /** The settings under which such weights fit, as far as their shapes tell. */
    abstract List<String> settings(Map<Member, WeightFile> files);

    private static List<String> pytorchGanSettings(Map<Member, WeightFile> files) {
        WeightFile generator = files.get(Member.GENERATOR);
        Shape linear = required(generator, "fc.weight");
        Shape first = required(generator, "down1.model.0.weight");
        long side = Math.round(Math.sqrt(linear.dim(0)));
        List<String> settings = new ArrayList<>(List.of(
                "model.preset=seed",
                "model.latent=" + linear.dim(1),
                "model.width=" + first.dim(0),
                "model.input-channels=" + (first.dim(1) - 1),
                "model.output-channels=" + required(generator, "final.1.bias").dim(0),
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

    static Shape required(WeightFile file, String name) {
        return file.shape(name)
                .orElseThrow(() -> new CheckpointException(file.path() + " has no tensor " + name
                        + "; is it this network of that program? It has "
                        + file.shapes().keySet().stream().limit(3).toList() + " and so on"));
    }
}
