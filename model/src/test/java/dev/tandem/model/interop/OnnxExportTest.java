package dev.tandem.model.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.CheckpointWeights;
import dev.tandem.model.checkpoint.TestCheckpoints;
import dev.tandem.model.interop.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportTest {
    @TempDir
    private Path folder;

    /** The generator has more than 3 GB of weights. */
    @Test
    void writeGenerator_weightsBeyondTheLimitOfOneFile_areRejectedInOneFileOnly() {
        OnnxExport export = OnnxExport.ofInitialWeights(TestSettings.tiny("model.width=256", "model.image-size=256"));
        Path file = folder.resolve("g.onnx");
        Path inNoFolder = folder.resolve("missing").resolve("weights");

        assertThatThrownBy(() -> export.writeGenerator(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith("an ONNX file holds at most 2000 MiB; export a model with a smaller model.width");
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> export.writeGenerator(file, inNoFolder)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void writeEncoder_checkpointReplacedAfterTheGenerator_isOfTheSameCheckpoint() throws IOException {
        Settings settings = TestSettings.tiny();
        Checkpoint checkpoint = checkpoint(settings, 1);
        Path saved = checkpoint.folder().resolve("model.safetensors");
        OnnxExport.of(checkpoint).writeEncoder(folder.resolve("expected.onnx"));
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            OnnxExport export = OnnxExport.of(checkpoint, weights);
            export.writeGenerator(folder.resolve("g.onnx"));
            Files.delete(saved);
            Files.copy(checkpoint(settings, 2).folder().resolve("model.safetensors"), saved);
            export.writeEncoder(folder.resolve("e.onnx"));
        }

        assertThat(folder.resolve("e.onnx")).hasSameBinaryContentAs(folder.resolve("expected.onnx"));
    }

    /** What is small is in the first file, so that a library keeps nothing of the second one. */
    @Test
    void writeGenerator_twoFiles_returnsTheBytesOfAllWeights() throws IOException {
        Settings settings = TestSettings.tiny("model.width=16");
        OnnxExport export = OnnxExport.of(checkpoint(settings, 1));

        long bytes = export.writeGenerator(folder.resolve("n.onnx"), folder.resolve("weights"));
        export.writeGenerator(folder.resolve("one.onnx"));

        assertThat(bytes).isPositive();
        for (String file : List.of("n.onnx", "weights")) {
            assertThat(Files.size(folder.resolve(file))).isBetween(1L, bytes);
        }
        assertThat(Files.size(folder.resolve("one.onnx"))).isGreaterThan(bytes);
    }

    private Checkpoint checkpoint(Settings settings, long step) {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder.resolve("checkpoints"), 1, 9));
        return Checkpoint.open(Checkpoint.save(store, TestCheckpoints.randomContent(settings, step)));
    }
}
