package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The networks of one model; D_VAE and D_LR are two discriminators of the same form with weights of their own. */
public record Networks(ModelSettings settings, Generator generator, Encoder encoder, Discriminator discriminator) {
    /** Colour images on both sides. */
    public static final int CHANNELS = 3;

    /** The four sets of weights, by their names in checkpoints. */
    public enum Member {
        GENERATOR("generator"),
        ENCODER("encoder"),
        D_VAE("d_vae"),
        D_LR("d_lr");

        private final String key;

        Member(String key) {
            this.key = key;
        }

        public String key() {
            return key;
        }
    }

    /** @throws SettingsException if the image is too small for that many layers */
    public Networks(ModelSettings settings) {
        this(settings, new Generator(settings, CHANNELS), new Encoder(settings), new Discriminator(settings));
        for (Member member : Member.values()) {
            try {
                parameters(member);
            } catch (IllegalArgumentException e) {
                throw new SettingsException("model.image-size is " + settings.imageSize() + ", too small for the "
                        + member.key() + " as model." + (member.key().startsWith("d_") ? "discriminator" : member.key())
                        + " has it (" + e.getMessage() + ")");
            }
        }
    }

    /** Shape of a batch of images at the model's size. */
    public Shape images(int batch) {
        return Shape.of(
                batch,
                CHANNELS,
                settings.imageSize().height(),
                settings.imageSize().width());
    }

    public Shape latents(int batch) {
        return Shape.of(batch, settings.latent());
    }

    /** The parameters of a member, in the order of their use; found by walking the network over shapes. */
    public List<ParameterSpec> parameters(Member member) {
        ShapeInference ops = new ShapeInference();
        return switch (member) {
            case GENERATOR -> declared(p -> generator.forward(ops, p, images(1), latents(1)));
            case ENCODER -> declared(p -> encoder.forward(ops, p, images(1)));
            case D_VAE, D_LR -> declared(p -> discriminator.forward(ops, p, images(1)));
        };
    }

    /** Shapes of a discriminator's maps for one image. */
    public List<Shape> discriminatorMaps() {
        return discriminator.forward(new ShapeInference(), ParameterSpec::shape, images(1));
    }

    private static List<ParameterSpec> declared(Consumer<Parameters<Shape>> walk) {
        Map<String, ParameterSpec> specs = new LinkedHashMap<>();
        walk.accept(spec -> {
            specs.putIfAbsent(spec.name(), spec);
            return spec.shape();
        });
        return List.copyOf(specs.values());
    }
}
