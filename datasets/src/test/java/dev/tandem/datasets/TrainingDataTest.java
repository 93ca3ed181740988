package dev.tandem.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.TrainingData.HeldOut;
import dev.tandem.images.TestImages;
import dev.tandem.model.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingDataTest {
    private static final int IMAGES = 40;

    @TempDir
    private Path folder;

    private final Settings settings = TestSettings.tiny();

    @Test
    void load_folderWithInvalidImages_isAnError() throws IOException {
        writeImages();

        assertThatThrownBy(() -> TrainingData.load(folder.toString(), false, settings))
                .isInstanceOf(UserError.class)
                .hasMessage("2 of 42 files are invalid; repair them, or train on the others with --skip-unusable");
    }

    @Test
    void load_folderWithInvalidImages_canSkipThem() throws IOException {
        writeImages();

        TrainingData data = TrainingData.load(folder.toString(), true, settings);

        assertThat(Stream.concat(
                        data.pairs().stream().map(Arrays::hashCode),
                        data.heldOut().stream().map(HeldOut::name)))
                .hasSize(IMAGES)
                .contains(Arrays.hashCode(png(0)));
        assertThat(data.heldOut()).extracting(HeldOut::name).doesNotHaveDuplicates();
    }

    private void writeImages() throws IOException {
        for (int i = 0; i < IMAGES; i++) {
            Path file = folder.resolve("sub-" + i % 2 + "/" + "猫犬".charAt(i % 2) + i / 2 + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, png(i));
        }
        Files.writeString(folder.resolve("text.png"), "no image");
        Files.write(folder.resolve("square.png"), TestImages.png(TestImages.filled(32, 32, 0)));
    }

    private static byte[] png(int i) throws IOException {
        return TestImages.png(TestImages.halves(64, 32, i, 255 - i));
    }
}
