package dev.tandem.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.TestSettings;
import dev.tandem.model.validation.HeldOutPairs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidationPairsTest {
    private static final int SIDE = 32;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void writePairs() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        for (int i = 0; i < 5; i++) {
            BufferedImage pair = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            pair.setRGB(i, 0, 0xFFFFFF);
            ImageFiles.write(data.resolve(i + ".png"), PngEncoder.encode(pair));
        }
    }

    @Test
    void read_noFolderIsSet_isEmpty() {
        assertThat(ValidationPairs.read(TestSettings.tiny())).isEmpty();
    }

    @Test
    void read_folder_givesTheSameSubsetEachTime() {
        HeldOutPairs all = read(32).orElseThrow();
        HeldOutPairs some = read(2).orElseThrow();

        assertThat(all.inputs()).hasSize(5);
        assertThat(some.inputs()).hasSize(2);
        assertThat(some.digest()).isEqualTo(read(2).orElseThrow().digest()).isNotEqualTo(all.digest());
    }

    @Test
    void read_missingFolder_namesTheSetting() {
        data = folder.resolve("missing");

        assertThatThrownBy(() -> read(32))
                .isInstanceOf(UserError.class)
                .hasMessage("train.validation.data cannot be used: there is no folder " + data);
    }

    @Test
    void read_invalidFile_isRejected() throws IOException {
        Files.writeString(data.resolve("5.png"), "no image");

        assertThatThrownBy(() -> read(32))
                .isInstanceOf(UserError.class)
                .hasMessage("train.validation.data cannot be used: 1 of 6 files are invalid; repair or remove them");
    }

    private Optional<HeldOutPairs> read(int inputs) {
        return ValidationPairs.read(
                TestSettings.tiny("train.validation.data=" + data, "train.validation.inputs=" + inputs));
    }
}
