package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Goldens;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.interop.Upstream;
import dev.tandem.model.interop.WeightImport;
import dev.tandem.model.interop.onnx.OnnxExport;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported ONNX networks: ONNX Runtime computes what the engine and PyTorch compute. */
public abstract class OnnxExportConformance extends EngineConformance {
    private static final float TOLERANCE = 1e-4f;
    private static final int BATCH = 3;

    @TempDir
    private Path folder;

    protected OnnxExportConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.ema-decay=0",
                "train.ema-decay=0.9",
                "model.generator.latent-injection=input model.generator.upsample=bilinear model.generator.activation=elu",
                "model.generator.upsample=bilinear",
                "model.generator.latent-injection=input",
                "model.norm=batch model.generator.activation=lrelu model.encoder.type=conv train.ema-decay=0.9",
                "model.norm=none model.image-size=32x64 model.input-channels=1 model.output-channels=4",
                "model.preset=tandem",
                "model.norm=group model.generator.latent-injection=modulation",
                "model.preset=seed model.image-size=64"
            })
    void export_anyNetworks_agreesWithTheEngine(String assignments) throws OrtException {
        Settings settings =
                TestSettings.tiny((assignments + " train.init.type=kaiming train.learning-rate=1e-3").split(" "));
        try (BicycleGan model = freshModel(settings)) {
            for (int i = 0; i < 3; i++) {
                trainOnNoise(model);
            }
            OnnxExport export = OnnxExport.of(saved(model));
            export.writeGenerator(folder.resolve("g.onnx"));
            export.writeEncoder(folder.resolve("e.onnx"));

            Tensor a = Noise.gaussian(model.inputShape(BATCH), 7, "a");
            Tensor b = Noise.gaussian(model.outputShape(BATCH), 7, "b");
            Tensor z = Noise.gaussian(model.latentShape(BATCH), 7, "z");
            assertThat(run("g.onnx", Map.of("a", a, "z", z)).get("b").data())
                    .usingComparatorWithPrecision(TOLERANCE)
                    .containsExactly(model.translate(a, z).data());
            Map<String, Tensor> encoded = run("e.onnx", Map.of("b", b));
            assertThat(encoded).containsOnlyKeys("mu", "logvar");
            assertThat(encoded.get("mu").data())
                    .usingComparatorWithPrecision(TOLERANCE)
                    .containsExactly(model.encode(b).data());
        }
    }

    @ParameterizedTest
    @CsvSource({"JUNYANZ, junyanz, paper", "PYTORCH_GAN, pytorch-gan, seed"})
    void export_importedWeights_agreesWithPyTorch(Upstream upstream, String files, String golden) throws OrtException {
        Path checkpoint = WeightImport.of(
                        upstream,
                        Goldens.upstreamFiles(upstream, files, Member.GENERATOR, Member.ENCODER),
                        Optional.empty(),
                        List.of())
                .write(CheckpointStore.open(new CheckpointSettings(folder, 1, 3)));
        OnnxExport export = OnnxExport.of(Checkpoint.open(checkpoint));
        export.writeGenerator(folder.resolve("g.onnx"));
        export.writeEncoder(folder.resolve("e.onnx"));
        Map<String, Tensor> expected = Goldens.tensors(golden + ".safetensors");
        Shape image = expected.get("sampling.sample").shape();
        Tensor z = Goldens.latent("z.sample", expected.get("sampling.mu").shape());

        Map<String, Tensor> encoded = run("e.onnx", Map.of("b", Goldens.uniform("b.sample", image)));
        Map<String, Tensor> translated = run("g.onnx", Map.of("a", Goldens.uniform("a.sample", image), "z", z));

        assertThat(translated.get("b").data())
                .usingComparatorWithPrecision(TOLERANCE)
                .containsExactly(expected.get("sampling.sample").data());
        for (String output : List.of("mu", "logvar")) {
            assertThat(encoded.get(output).data())
                    .usingComparatorWithPrecision(TOLERANCE)
                    .containsExactly(expected.get("sampling." + output).data());
        }
    }

    @Test
    void export_modelWithoutLatent_hasTheImageAsItsOnlyInput() throws OrtException {
        Settings settings = TestSettings.tiny("model.latent=0");
        try (BicycleGan model = freshModel(settings)) {
            OnnxExport export = OnnxExport.of(saved(model));
            export.writeGenerator(folder.resolve("g.onnx"));

            Tensor a = Noise.gaussian(model.inputShape(1), 7, "a");
            assertThat(export.hasEncoder()).isFalse();
            assertThat(run("g.onnx", Map.of("a", a)).get("b").data())
                    .usingComparatorWithPrecision(TOLERANCE)
                    .containsExactly(model.translate(a, Tensor.zeros(1, 0)).data());
        }
    }

    private Checkpoint saved(BicycleGan model) {
        return Checkpoint.open(model.save(CheckpointStore.open(new CheckpointSettings(folder, 1, 3))));
    }

    private Map<String, Tensor> run(String file, Map<String, Tensor> inputs) throws OrtException {
        return OnnxRuntime.run(folder.resolve(file), inputs);
    }
}
