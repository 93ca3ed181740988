package dev.tandem.datasets.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ImageSettings;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.TestImages;
import dev.tandem.model.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthWarningsTest {
    private static final ImageSettings LIMITS = TestImages.limits(1_000_000, 1 << 20);

    @TempDir
    private Path folder;

    @Test
    void of_folder_namesTheSuspiciousFilesOnly() throws IOException {
        write("dark.png", TestImages.png(TestImages.sixteenBits(16, 8, 1023, 1023)));
        write("bright.png", TestImages.png(TestImages.sixteenBits(16, 8, 65535, 65535)));
        write("eight-bits.png", TestImages.png(TestImages.filled(16, 8, 0x040404)));
        write("short.png", new byte[3]);

        List<String> warnings = DepthWarnings.of(
                new ImageRecords(TestSettings.tiny()).unchanged(ImageFiles.named(List.of(folder))), LIMITS);

        assertThat(warnings).singleElement().asString().startsWith("dark.png: ").contains("4 of 255");
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
