package dev.tandem.model.network;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.EncoderType;
import dev.tandem.config.ModelSettings.Preset;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TrainSettings.Init;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The networks of one model; D_VAE and D_LR share the architecture {@code discriminator}, but not the weights. */
public record Networks(ModelSettings settings, Generator generator, Encoder encoder, Discriminator discriminator) {

    /** The networks that have weights, with their keys in checkpoints. */
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

    /**
     * Creates the networks that settings describe.
     *
     * @throws SettingsException if the image size is too small for the number of layers
     */
    public static Networks of(Settings settings) {
        Networks networks = of(settings.model(), settings.train().init());
        for (Member member : networks.members()) {
            networks.requireLargeEnoughImages(member);
        }
        return networks;
    }

    private static Networks of(ModelSettings settings, Init init) {
        if (settings.preset() == Preset.SEED) {
            Layers.Style style = Layers.Style.seed(init);
            return new Networks(
                    settings,
                    new SeedUNet(settings, style),
                    new ResNet18(settings, Layers.Style.resnet18()),
                    new Discriminator(settings, style));
        }
        Layers.Style style = Layers.Style.paper(settings.norm(), init);
        Layers.Style discriminatorStyle =
                Layers.Style.paper(settings.discriminator().norm(), init);
        Layers.Style encoderStyle = Layers.Style.paper(settings.encoder().norm(), init);
        return new Networks(
                settings,
                new UNet(settings, style),
                settings.encoder().type() == EncoderType.CONV
                        ? new ConvolutionalEncoder(settings, encoderStyle)
                        : new ResidualEncoder(settings, encoderStyle),
                new Discriminator(settings, discriminatorStyle));
    }

    /** The networks that this model has: no encoder without a latent, and no D_LR without the cLR-GAN branch. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>(List.of(Member.GENERATOR));
        if (settings.encodes()) {
            members.add(Member.ENCODER);
        }
        members.add(Member.D_VAE);
        if (settings.encodes() && !settings.discriminator().shared()) {
            members.add(Member.D_LR);
        }
        return members;
    }

    /** Shape of a batch of A at the model's size. */
    public Shape inputShape(int batch) {
        return images(batch, settings.inputChannels());
    }

    /** Shape of a batch of B at the model's size. */
    public Shape outputShape(int batch) {
        return images(batch, settings.outputChannels());
    }

    /** Shape of a batch of discriminator inputs: B, or with a conditional discriminator A and B. */
    public Shape discriminatorInputShape(int batch) {
        int conditionChannels = settings.discriminator().conditional() ? settings.inputChannels() : 0;
        return images(batch, conditionChannels + settings.outputChannels());
    }

    /** Shape of a batch of latents. */
    public Shape latentShape(int batch) {
        return Shape.of(batch, settings.latent());
    }

    /** The parameters of a network in the order of their use, found by a forward pass on shapes. */
    public List<ParameterSpec> parameters(Member member) {
        ShapeInference ops = new ShapeInference();
        Optional<Shape> z = settings.latent() > 0 ? Optional.of(latentShape(1)) : Optional.empty();
        return switch (member) {
            case GENERATOR -> declared(p -> generator.forward(ForwardPass.training(ops, p), inputShape(1), z));
            case ENCODER -> declared(p -> encoder.forward(ForwardPass.training(ops, p), outputShape(1)));
            case D_VAE, D_LR ->
                declared(p -> discriminator.forward(ForwardPass.training(ops, p), discriminatorInputShape(1)));
        };
    }

    private Shape images(int batch, int channels) {
        return Shape.of(
                batch,
                channels,
                settings.imageSize().height(),
                settings.imageSize().width());
    }

    private void requireLargeEnoughImages(Member member) {
        try {
            parameters(member);
        } catch (IllegalArgumentException e) {
            String section = member == Member.GENERATOR || member == Member.ENCODER ? member.key() : "discriminator";
            throw new SettingsException("model.image-size is " + settings.imageSize() + ", too small for the "
                    + member.key() + " with these settings of model." + section + " (" + e.getMessage()
                    + "); set a larger image size or fewer layers");
        }
    }

    private static List<ParameterSpec> declared(Consumer<Parameters<Shape>> forwardPass) {
        Map<String, ParameterSpec> specs = new LinkedHashMap<>();
        forwardPass.accept(spec -> {
            specs.putIfAbsent(spec.name(), spec);
            return spec.shape();
        });
        return List.copyOf(specs.values());
    }
}
