package dev.tandem.model.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Goldens;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.SafetensorsWriter;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights under upstream names, as the golden script wrote them, against what PyTorch makes of the same weights. */
class WeightImportTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"JUNYANZ, junyanz, paper", "PYTORCH_GAN, pytorch-gan, seed"})
    void write_allFourNetworks_translatesAndEncodesAsPyTorchDoes(Upstream from, String files, String golden) {
        WeightImport imported = WeightImport.of(from, paths(from, files, Member.values()), Optional.empty(), cpu());
        imported.write(store());

        assertThat(imported.missing()).isEmpty();
        assertThatEveryTensorIsTheOneThatWasWritten();
        Map<String, Tensor> expected = Goldens.tensors(golden + ".safetensors");
        try (BicycleGan model = opened()) {
            assertThat(model.translate(a(model), z(model)).data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(expected.get("sampling.sample").data());
            assertThat(model.encode(Goldens.uniform("b.sample", model.outputs(1)))
                            .data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(expected.get("sampling.mu").data());
        }
    }

    private void assertThatEveryTensorIsTheOneThatWasWritten() {
        Checkpoint checkpoint = CheckpointStore.openNewest(folder);
        Networks networks = Networks.of(Settings.ofProvenance(checkpoint.settings()));
        for (Member member : Member.values()) {
            for (ParameterSpec spec : networks.parameters(member)) {
                assertThat(checkpoint.weight(member.key(), spec.name()).data())
                        .as(member.key() + "." + spec.name())
                        .isEqualTo(Goldens.firstValue(member.key() + "." + spec.name(), spec.shape())
                                .data());
            }
        }
    }

    @Test
    void write_networksOfDefaultShape_goOnUnderTheDefaults() {
        Map<Member, Path> all = paths(Upstream.PYTORCH_GAN, "pytorch-gan", Member.values());
        WeightImport.of(Upstream.PYTORCH_GAN, all, Optional.empty(), cpu()).write(store());
        Checkpoint checkpoint = CheckpointStore.openNewest(folder);

        // What a user would say of such a model: depth and layers are what the size makes them.
        Settings said = SettingsLoader.load(
                Optional.empty(),
                List.of("model.preset=seed", "model.image-size=64", "model.width=2", "model.latent=2"));
        assertThatCode(() -> NetworkCompatibility.require(said, checkpoint)).doesNotThrowAnyException();
        assertThatThrownBy(() -> NetworkCompatibility.require(
                        SettingsLoader.load(Optional.empty(), List.of("model.preset=seed")), checkpoint))
                .hasMessageContaining(
                        "set model.generator.depth=6 and model.image-size=64 and model.latent=2 and model.width=2, or");
    }

    @Test
    void assignments_anotherPreset_areThePresetAndWhatDiffersFromIt() {
        Settings defaults = SettingsLoader.load(Optional.empty(), List.of());
        Settings wanted = SettingsLoader.load(Optional.empty(), List.of("model.preset=seed", "model.width=8"));

        assertThat(NetworkCompatibility.assignments(defaults, wanted))
                .containsExactly("model.preset=seed", "model.width=8");
        assertThat(NetworkCompatibility.assignments(wanted, wanted)).isEmpty();
    }

    @Test
    void write_generatorAlone_takesNoStyles() {
        Map<Member, Path> generator = paths(Upstream.PYTORCH_GAN, "pytorch-gan", Member.GENERATOR);
        WeightImport.of(Upstream.PYTORCH_GAN, generator, Optional.empty(), cpu())
                .write(store());

        try (BicycleGan model = opened()) {
            assertThat(model.hasEncoder()).isFalse();
        }
    }

    @Test
    void entries_singleScaleDiscriminatorWithBatchNorm_hasZerosForTheBiasesItLeavesOut() {
        Settings settings = SettingsLoader.load(
                Optional.empty(),
                List.of("model.image-size=64", "model.width=4", "model.norm=batch", "model.discriminator.scales=1"));
        Map<String, ParameterSpec> expected = new TreeMap<>();
        JunyanzNames names = new JunyanzNames(settings.model());
        Networks.of(settings)
                .parameters(Member.D_VAE)
                .forEach(spec -> expected.put(names.parameter(Member.D_VAE, spec.name()), spec));
        Map<String, Shape> shapes = new TreeMap<>();
        expected.forEach((name, spec) -> shapes.put(name, spec.shape()));
        shapes.keySet().removeAll(List.of("model.2.bias", "model.5.bias"));
        List<String> complaints = new ArrayList<>();

        List<Entry> entries = new ShapeCheck(Member.D_VAE, new WeightFile(folder, shapes, shapes.keySet()), complaints)
                .entries(expected);

        assertThat(complaints).isEmpty();
        assertThat(entries).hasSameSizeAs(expected.keySet());
        assertThat(entries.stream()
                        .filter(entry -> entry.name().equals("d_vae.scale.0.1.bias"))
                        .findFirst()
                        .orElseThrow()
                        .data()
                        .get()
                        .array())
                .containsOnly(0);
    }

    @Test
    void write_generatorWithLatentAtTheInput_translatesAsPyTorchDoes() {
        Map<Member, Path> generator = paths(Upstream.JUNYANZ, "junyanz-input", Member.GENERATOR);
        WeightImport.of(Upstream.JUNYANZ, generator, Optional.empty(), cpu()).write(store());

        try (BicycleGan model = opened()) {
            assertThat(model.translate(a(model), z(model)).data())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(Goldens.tensors("upstream/junyanz-input/translated.safetensors")
                            .get("sample")
                            .data());
        }
    }

    @ParameterizedTest
    @CsvSource({"JUNYANZ, junyanz", "PYTORCH_GAN, pytorch-gan"})
    void write_generatorAndEncoderOnly_trainsOnWithFreshDiscriminators(Upstream from, String files) {
        Map<Member, Path> two = paths(from, files, Member.GENERATOR, Member.ENCODER);
        WeightImport imported = WeightImport.of(from, two, Optional.empty(), cpu());
        imported.write(store());

        assertThat(imported.missing()).containsExactly(Member.D_VAE, Member.D_LR);
        try (BicycleGan model = opened()) {
            Tensor before = model.translate(a(model), z(model));
            Tensor image = Goldens.uniform("a.0", model.inputs(2));
            model.train(image, Goldens.uniform("b.0", model.outputs(2)), Offsets.NONE);

            assertThat(model.step()).isEqualTo(1);
            assertThat(model.translate(a(model), z(model)).data()).isNotEqualTo(before.data());
            assertThat(Checkpoint.open(model.save(store())).networks())
                    .containsExactlyInAnyOrder("generator", "encoder", "d_vae", "d_lr");
        }
    }

    @Test
    void write_tensorsThatDoNotFit_areListedByName() throws IOException {
        Map<String, Tensor> tensors = Goldens.tensors("upstream/junyanz/E.safetensors");
        tensors.remove("conv.1.conv.2.weight");
        tensors.put("conv.9.bias", Tensor.zeros(3));
        tensors.put("fcVar.0.bias", Tensor.zeros(4));
        Path file = folder.resolve("E.safetensors");
        List<Entry> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> entries.add(new Entry(name, tensor.shape(), () -> tensor)));
        SafetensorsWriter.write(file, entries);
        Map<Member, Path> paths = paths(Upstream.JUNYANZ, "junyanz", Member.GENERATOR);
        paths.put(Member.ENCODER, file);

        assertThatThrownBy(() -> WeightImport.of(Upstream.JUNYANZ, paths, Optional.empty(), cpu())
                        .write(store()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("missing: conv.1.conv.2.weight")
                .hasMessageContaining("not known: conv.9.bias")
                .hasMessageContaining("of another shape: fcVar.0.bias is (4) instead of (3)");
    }

    @Test
    void of_filesOfTheOtherProgram_saysWhatItLooksLike() {
        assertThatThrownBy(() -> WeightImport.of(
                        Upstream.PYTORCH_GAN,
                        paths(Upstream.JUNYANZ, "junyanz", Member.GENERATOR),
                        Optional.empty(),
                        cpu()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no tensor fc.weight; check that the file holds this network");
    }

    @Test
    void of_noGeneratorOrNoFile_isRefused() {
        assertThatThrownBy(() -> WeightImport.of(
                        Upstream.JUNYANZ, paths(Upstream.JUNYANZ, "junyanz", Member.ENCODER), Optional.empty(), cpu()))
                .hasMessageContaining("without the generator's file");
        assertThatThrownBy(() -> WeightImport.of(
                        Upstream.JUNYANZ,
                        Map.of(Member.GENERATOR, folder.resolve("none.safetensors")),
                        Optional.empty(),
                        cpu()))
                .hasMessageContaining("none.safetensors cannot be read as safetensors");
    }

    private static List<String> cpu() {
        return List.of("model.device=cpu");
    }

    private CheckpointStore store() {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
    }

    private BicycleGan opened() {
        Checkpoint checkpoint = CheckpointStore.openNewest(folder);
        Settings settings = Settings.ofProvenance(checkpoint.settings());
        return BicycleGan.resumed(Engines.open(settings.model().device()), settings, checkpoint);
    }

    private static Tensor a(BicycleGan model) {
        return Goldens.uniform("a.sample", model.inputs(1));
    }

    private static Tensor z(BicycleGan model) {
        Tensor z = Goldens.uniform("z.sample", model.latents(1));
        for (int i = 0; i < z.data().length; i++) {
            z.data()[i] *= 2;
        }
        return z;
    }

    private static Map<Member, Path> paths(Upstream from, String files, Member... members) {
        Map<Member, String> names = from == Upstream.JUNYANZ
                ? Map.of(Member.GENERATOR, "G", Member.ENCODER, "E", Member.D_VAE, "D", Member.D_LR, "D2")
                : Map.of(
                        Member.GENERATOR, "generator",
                        Member.ENCODER, "encoder",
                        Member.D_VAE, "D_VAE",
                        Member.D_LR, "D_LR");
        Map<Member, Path> paths = new EnumMap<>(Member.class);
        for (Member member : members) {
            paths.put(member, Goldens.file("upstream/" + files + "/" + names.get(member) + ".safetensors"));
        }
        return new TreeMap<>(paths);
    }
}
