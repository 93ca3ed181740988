package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Goldens;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.interop.Upstream;
import dev.tandem.model.interop.WeightImport;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imported weights of the upstream programs: the model computes what PyTorch computes with the same weights. */
public abstract class WeightImportConformance extends EngineConformance {
    @TempDir
    private Path folder;

    protected WeightImportConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @CsvSource({"JUNYANZ, junyanz, paper", "PYTORCH_GAN, pytorch-gan, seed"})
    void write_allFourNetworks_translatesAndEncodesLikePyTorch(Upstream upstream, String files, String golden) {
        WeightImport weights = weightImport(upstream, files, Member.values());
        weights.write(store());

        assertThat(weights.missing()).isEmpty();
        assertAllWeightsAreInTheCheckpoint();
        Map<String, Tensor> expected = Goldens.tensors(golden + ".safetensors");
        try (BicycleGan model = imported()) {
            assertThat(model.translate(a(model), z(model)).data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(expected.get("sampling.sample").data());
            assertThat(model.encode(Goldens.uniform("b.sample", model.outputShape(1)))
                            .data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(expected.get("sampling.mu").data());
        }
    }

    private void assertAllWeightsAreInTheCheckpoint() {
        Checkpoint checkpoint = CheckpointStore.openNewest(folder);
        Networks networks = Networks.of(Settings.ofProvenance(checkpoint.settings()));
        for (Member member : Member.values()) {
            for (ParameterSpec spec : networks.parameters(member)) {
                assertThat(checkpoint.weight(member.key(), spec.name()).data())
                        .as(member.key() + "." + spec.name())
                        .isEqualTo(Goldens.initialValue(member.key() + "." + spec.name(), spec.shape())
                                .data());
            }
        }
    }

    @Test
    void write_generatorAlone_hasNoEncoder() {
        weightImport(Upstream.PYTORCH_GAN, "pytorch-gan", Member.GENERATOR).write(store());

        try (BicycleGan model = imported()) {
            assertThat(model.hasEncoder()).isFalse();
        }
    }

    @Test
    void write_generatorWithLatentAtTheInput_translatesLikePyTorch() {
        weightImport(Upstream.JUNYANZ, "junyanz-input", Member.GENERATOR).write(store());

        try (BicycleGan model = imported()) {
            assertThat(model.translate(a(model), z(model)).data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(Goldens.tensors("upstream/junyanz-input/translated.safetensors")
                            .get("sample")
                            .data());
        }
    }

    @ParameterizedTest
    @CsvSource({"JUNYANZ, junyanz", "PYTORCH_GAN, pytorch-gan"})
    void write_generatorAndEncoderOnly_trainsWithFreshDiscriminators(Upstream upstream, String files) {
        WeightImport weights = weightImport(upstream, files, Member.GENERATOR, Member.ENCODER);
        weights.write(store());

        assertThat(weights.missing()).containsExactly(Member.D_VAE, Member.D_LR);
        try (BicycleGan model = imported()) {
            Tensor before = model.translate(a(model), z(model));
            Tensor image = Goldens.uniform("a.0", model.inputShape(2));
            model.train(image, Goldens.uniform("b.0", model.outputShape(2)), Offsets.NONE);

            assertThat(model.step()).isEqualTo(1);
            assertThat(model.translate(a(model), z(model)).data()).isNotEqualTo(before.data());
            assertThat(Checkpoint.open(model.save(store())).networks())
                    .containsExactlyInAnyOrder("generator", "encoder", "d_vae", "d_lr");
        }
    }

    private static WeightImport weightImport(Upstream upstream, String files, Member... members) {
        return WeightImport.of(upstream, Goldens.upstreamFiles(upstream, files, members), Optional.empty(), List.of());
    }

    private CheckpointStore store() {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
    }

    private BicycleGan imported() {
        Checkpoint checkpoint = CheckpointStore.openNewest(folder);
        Settings settings = Settings.ofProvenance(checkpoint.settings());
        return resumedModel(settings, checkpoint);
    }

    private static Tensor a(BicycleGan model) {
        return Goldens.uniform("a.sample", model.inputShape(1));
    }

    private static Tensor z(BicycleGan model) {
        return Goldens.latent("z.sample", model.latentShape(1));
    }
}
