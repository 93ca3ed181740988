package dev.tandem.model.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.Goldens;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.SafetensorsWriter;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are checked and rejected, without an engine; the conformance kit tests the imported weights. */
class WeightImportTest {
    @TempDir
    private Path folder;

    @Test
    void write_networksOfDefaultShape_matchTheDefaultSettings() {
        Map<Member, Path> all = Goldens.upstreamFiles(Upstream.PYTORCH_GAN, "pytorch-gan", Member.values());
        WeightImport.of(Upstream.PYTORCH_GAN, all, Optional.empty(), List.of()).write(store());
        Checkpoint checkpoint = CheckpointStore.openNewest(folder);

        // Depth and layers are not set: their defaults follow from the image size.
        Settings matching = SettingsLoader.load(
                Optional.empty(),
                List.of("model.preset=seed", "model.image-size=64", "model.width=2", "model.latent=2"));
        assertThatCode(() -> NetworkCompatibility.require(matching, checkpoint)).doesNotThrowAnyException();
        assertThatThrownBy(() -> NetworkCompatibility.require(
                        SettingsLoader.load(Optional.empty(), List.of("model.preset=seed")), checkpoint))
                .hasMessageContaining(
                        "set model.generator.depth=6 and model.image-size=64 and model.latent=2 and model.width=2, or");
    }

    @Test
    void write_tensorsOfOtherNamesOrShapes_areListedByName() throws IOException {
        Map<String, Tensor> tensors = Goldens.tensors("upstream/junyanz/E.safetensors");
        tensors.remove("conv.1.conv.2.weight");
        tensors.put("conv.9.bias", Tensor.zeros(3));
        tensors.put("fcVar.0.bias", Tensor.zeros(4));
        Path file = folder.resolve("E.safetensors");
        List<Entry> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> entries.add(new Entry(name, tensor.shape(), () -> tensor)));
        SafetensorsWriter.write(file, entries);
        Map<Member, Path> files = Goldens.upstreamFiles(Upstream.JUNYANZ, "junyanz", Member.GENERATOR);
        files.put(Member.ENCODER, file);

        assertThatThrownBy(() -> WeightImport.of(Upstream.JUNYANZ, files, Optional.empty(), List.of())
                        .write(store()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("missing: conv.1.conv.2.weight")
                .hasMessageContaining("not known: conv.9.bias")
                .hasMessageContaining("of another shape: fcVar.0.bias is (4) instead of (3)");
    }

    @Test
    void of_filesOfTheOtherProgram_isRejectedWithTheMissingTensor() {
        assertThatThrownBy(() -> WeightImport.of(
                        Upstream.PYTORCH_GAN,
                        Goldens.upstreamFiles(Upstream.JUNYANZ, "junyanz", Member.GENERATOR),
                        Optional.empty(),
                        List.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no tensor fc.weight; check that the file holds this network");
    }

    @Test
    void of_noGeneratorOrMissingFile_isRejected() {
        assertThatThrownBy(() -> WeightImport.of(
                        Upstream.JUNYANZ,
                        Goldens.upstreamFiles(Upstream.JUNYANZ, "junyanz", Member.ENCODER),
                        Optional.empty(),
                        List.of()))
                .hasMessageContaining("without the generator's file");
        assertThatThrownBy(() -> WeightImport.of(
                        Upstream.JUNYANZ,
                        Map.of(Member.GENERATOR, folder.resolve("none.safetensors")),
                        Optional.empty(),
                        List.of()))
                .hasMessageContaining("none.safetensors cannot be read as safetensors");
    }

    @Test
    void entries_biasesBeforeABatchNormMissing_areZero() {
        Settings settings = SettingsLoader.load(
                Optional.empty(),
                List.of(
                        "model.preset=paper",
                        "model.image-size=64",
                        "model.width=4",
                        "model.norm=batch",
                        "model.discriminator.scales=1"));
        Map<String, ParameterSpec> expected = new TreeMap<>();
        JunyanzNames names = new JunyanzNames(settings.model());
        Networks.of(settings)
                .parameters(Member.D_VAE)
                .forEach(spec -> expected.put(names.parameter(Member.D_VAE, spec.name()), spec));
        Map<String, Shape> shapes = new TreeMap<>();
        expected.forEach((name, spec) -> shapes.put(name, spec.shape()));
        shapes.keySet().removeAll(List.of("model.2.bias", "model.5.bias"));
        List<String> mismatches = new ArrayList<>();

        List<Entry> entries = new ShapeCheck(Member.D_VAE, new WeightFile(folder, shapes, shapes.keySet()), mismatches)
                .entries(expected);

        assertThat(mismatches).isEmpty();
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

    private CheckpointStore store() {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
    }

    @Test
    void parameter_discriminatorsWithAnotherNorm_countsTheirOwnNormLayers() {
        Settings settings =
                SettingsLoader.load(Optional.empty(), List.of("model.preset=paper", "model.discriminator.norm=none"));

        assertThat(new JunyanzNames(settings.model()).parameter(Member.D_VAE, "scale.1.2.weight"))
                .as("convolution and activation, twice")
                .isEqualTo("model_1.4.weight");
    }
}
