package dev.tandem.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {

    @Test
    void parameters_presetPaperAt256_countAsTheAuthors() {
        Networks networks = networks("model.preset=paper", "model.image-size=256");

        assertThat(count(networks, Member.GENERATOR)).isEqualTo(54_794_627);
        assertThat(count(networks, Member.ENCODER)).isEqualTo(2_590_032);
        assertThat(count(networks, Member.D_VAE)).isEqualTo(3_458_978);
        assertThat(count(networks, Member.D_LR)).isEqualTo(3_458_978);
    }

    @Test
    void parameters_presetSeedAt128_countAsPyTorchGan() {
        Networks networks = networks("model.preset=seed");

        assertThat(count(networks, Member.GENERATOR)).isEqualTo(23_680_259);
        assertThat(count(networks, Member.D_VAE)).isEqualTo(8_288_835);
        assertThat(count(networks, Member.D_LR)).isEqualTo(8_288_835);
        assertThat(count(networks, Member.ENCODER)).isEqualTo(2_786_896);
    }

    @Test
    void members_someOptions_omitNetworks() {
        assertThat(networks().members()).containsExactly(Member.values());
        assertThat(networks("model.discriminator.shared=true").members())
                .containsExactly(Member.GENERATOR, Member.ENCODER, Member.D_VAE);
        assertThat(networks("model.latent=0").members()).containsExactly(Member.GENERATOR, Member.D_VAE);
        assertThat(networks("model.encoder.type=none").members()).containsExactly(Member.GENERATOR, Member.D_VAE);
    }

    @Test
    void parameters_latentAtInputOnly_countAsTheAuthors() {
        Networks networks =
                networks("model.preset=paper", "model.image-size=256", "model.generator.latent-injection=input");

        // 54.42M: the 54,794,627 of `all` minus 8 latent channels before each of the seven inner down-convolutions.
        int innerDownOutputs = 128 + 256 + 512 * 5;
        assertThat(count(networks, Member.GENERATOR)).isEqualTo(54_794_627 - 8 * 16 * innerDownOutputs);
    }

    @Test
    void discriminatorMaps_at256_are30And14() {
        assertThat(maps("model.image-size=256")).isEqualTo(List.of(Shape.of(1, 1, 30, 30), Shape.of(1, 1, 14, 14)));
    }

    @Test
    void discriminatorMaps_at128_are30And14() {
        assertThat(maps("model.image-size=128")).isEqualTo(List.of(Shape.of(1, 1, 30, 30), Shape.of(1, 1, 14, 14)));
    }

    @ParameterizedTest
    @CsvSource({
        "32, all, basic",
        "64, all, basic",
        "64, input, bilinear",
        "64, modulation, bilinear",
        "128, all, bilinear",
        "256, input, basic",
        "64x128, all, basic",
        "192x64, input, bilinear",
        "96x160, all, bilinear"
    })
    void generator_anySize_outputsImagesOfThatSize(String size, String injection, String upsample) {
        Networks networks = networks(
                "model.image-size=" + size,
                "model.width=4",
                "model.generator.latent-injection=" + injection,
                "model.generator.upsample=" + upsample);

        Shape result = networks.generator()
                .forward(
                        ForwardPass.training(new ShapeInference(), ParameterSpec::shape),
                        networks.inputShape(3),
                        Optional.of(networks.latentShape(3)));

        assertThat(result).isEqualTo(networks.outputShape(3));
    }

    @ParameterizedTest
    @CsvSource({"32, 1", "64, 2", "128, 3", "256, 4", "64x256, 2"})
    void encoder_anySize_outputsLatents(String size, int blocks) {
        Networks networks = networks("model.image-size=" + size, "model.latent=5");

        Encoder.Posterior<Shape> posterior = networks.encoder()
                .forward(ForwardPass.training(new ShapeInference(), ParameterSpec::shape), networks.outputShape(3));

        assertThat(networks.settings().encoderBlocks()).isEqualTo(blocks);
        assertThat(posterior.mu()).isEqualTo(Shape.of(3, 5));
        assertThat(posterior.logVariance()).isEqualTo(Shape.of(3, 5));
    }

    @ParameterizedTest
    @CsvSource({"model.discriminator.scales=4, discriminator", "model.encoder.blocks=8, encoder"})
    void networks_moreLayersThanTheImageSizeAllows_areRejected(String assignment, String block) {
        assertThatThrownBy(() -> networks("model.image-size=64", assignment))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("model.image-size is 64, too small for the ")
                .hasMessageContaining("model." + block);
    }

    @Test
    void parameters_always_haveUniqueNamesInOrderOfUse() {
        assertThat(networks("model.image-size=64").parameters(Member.GENERATOR).stream()
                        .map(spec -> spec.name()))
                .doesNotHaveDuplicates()
                .startsWith("down.0.weight", "down.0.bias", "down.1.weight")
                .endsWith("up.0.weight", "up.0.bias");
    }

    private static List<Shape> maps(String assignment) {
        Networks networks = networks(assignment);
        return networks.discriminator()
                .forward(
                        ForwardPass.training(new ShapeInference(), ParameterSpec::shape),
                        networks.discriminatorInputShape(1));
    }

    private static Networks networks(String... assignments) {
        return Networks.of(SettingsLoader.load(Optional.empty(), List.of(assignments)));
    }

    private static int count(Networks networks, Member member) {
        return networks.parameters(member).stream()
                .filter(ParameterSpec::trainable)
                .mapToInt(spec -> spec.shape().size())
                .sum();
    }
}
