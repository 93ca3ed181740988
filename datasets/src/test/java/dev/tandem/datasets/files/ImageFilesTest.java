package dev.tandem.datasets.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "..", ".", "", "a\u0000b", "C:\\x", "\n"})
    void safeName_untrustedText_staysInTheFolder(String text) {
        Path resolved = folder.resolve(ImageFiles.safeName(text) + ".png").normalize();

        assertThat(resolved.getParent()).isEqualTo(folder);
    }

    @Test
    void safeName_longTextsWithDifferentEnds_areDifferent() {
        String topic = "t".repeat(120);

        assertThat(ImageFiles.safeName(topic + "-0-17"))
                .isNotEqualTo(ImageFiles.safeName(topic + "-0-18"))
                .endsWith("-0-17");
    }

    @Test
    void safeName_veryLongText_isShortened() {
        assertThat(ImageFiles.safeName("x".repeat(10_000))).hasSizeLessThan(200);
    }

    @Test
    void find_folder_givesItsImagesSortedByPath() throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        for (String name : List.of("b.PNG", "a.jpg", "sub/c.webp", "notes.txt")) {
            Files.writeString(folder.resolve(name), "");
        }

        assertThat(ImageFiles.find(List.of(folder)))
                .containsExactly(folder.resolve("a.jpg"), folder.resolve("b.PNG"), folder.resolve("sub/c.webp"));
    }

    @Test
    void find_missingFileOrEmptyFolder_isAnError() {
        assertThatThrownBy(() -> ImageFiles.find(List.of(folder.resolve("no"))))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("there is no file");
        assertThatThrownBy(() -> ImageFiles.find(List.of(folder))).hasMessageContaining("has no images");
    }

    @Test
    void find_brokenLink_isAnErrorThatSaysSo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("1.png"), folder.resolve("gone"));

        assertThatThrownBy(() -> ImageFiles.find(List.of(link)))
                .isInstanceOf(UserError.class)
                .hasMessage("the link leads nowhere: " + link);
    }

    @Test
    void read_pipe_isAnErrorAtOnce() throws Exception {
        Path pipe = folder.resolve("1.png");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        String message = pipe + " is a special file, such as a pipe; give regular files";

        assertThatThrownBy(() -> ImageFiles.named(List.of(pipe)))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
        assertThatThrownBy(() -> ImageFiles.read(pipe))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void named_severalFolders_namesContainTheFolders() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("1.png"), "");
        Files.writeString(second.resolve("1.png"), "");

        assertThat(ImageFiles.named(List.of(first, second)))
                .extracting(ImageFile::name)
                .containsExactly(first + "/1.png", second + "/1.png");
    }
}
