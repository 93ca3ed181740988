package dev.tandem.datasets.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void createFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("data"));
    }

    @Test
    void read_linkToAFolder_findsItsImagesUnderTheNameOfTheLink() throws IOException {
        write("1.png");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);

        assertThat(ImageFolder.read(link).images()).containsExactly(link.resolve("1.png"));
    }

    @Test
    void read_linkedSubfoldersAndFiles_areFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("blob"), "");
        Files.writeString(elsewhere.resolve("2.png"), "");
        link("1.png", elsewhere.resolve("blob"));
        link("day", elsewhere);
        link("night", elsewhere);

        assertThat(names()).containsExactly("1.png", "day/2.png", "night/2.png");
        assertThat(skipped()).isEmpty();
    }

    @Test
    void read_linksInLoops_endAndAreNamed() throws IOException {
        write("1.png");
        write("sub/2.png");
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Path other = Files.createDirectory(temporary.resolve("other"));
        Files.writeString(elsewhere.resolve("3.png"), "");
        Files.createSymbolicLink(elsewhere.resolve("b"), other);
        Files.createSymbolicLink(other.resolve("a"), elsewhere);
        link("self", folder);
        link("sub/up", temporary);
        link("latest", folder.resolve("sub"));
        link("a", elsewhere);

        assertThat(names()).containsExactly("1.png", "a/3.png", "sub/2.png");
        assertThat(skipped()).containsExactly("4 links that would read a folder twice (a/b/a, latest, self, sub/up)");
    }

    @Test
    void read_brokenLinks_areNamed() throws IOException {
        write("1.png");
        link("gone.png", temporary.resolve("gone"));
        link("sub", temporary.resolve("gone"));
        link("loop.png", folder.resolve("loop.png"));

        assertThat(names()).containsExactly("1.png");
        assertThat(skipped()).containsExactly("3 broken links (gone.png, loop.png, sub)");
    }

    @Test
    void read_hiddenNamesAndSystemFolders_areSkippedAtAnyDepthAndCounted() throws IOException {
        write("1.png");
        write("._1.png");
        write("sub/._2.png");
        write("sub/2.png");
        write("__MACOSX/._1.png");
        write("sub/__MACOSX/x.png");
        write("sub/.ipynb_checkpoints/1-checkpoint.png");
        write("@eaDir/1.png/SYNOPHOTO.jpg");
        write(".DS_Store");

        assertThat(names()).containsExactly("1.png", "sub/2.png");
        assertThat(skipped()).containsExactly("6 hidden names (leading dot, __MACOSX and similar)");
    }

    @ParameterizedTest
    @ValueSource(strings = {".cache/data", "__MACOSX", "."})
    void read_folderThatTheUserNames_isReadWhateverItsName(String name) throws IOException {
        Path hidden = folder.resolve(name);
        Files.createDirectories(hidden);
        Files.writeString(hidden.resolve("1.png"), "");

        assertThat(ImageFiles.named(List.of(hidden)))
                .extracting(ImageFile::name)
                .containsExactly("1.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.png", "a.JPG", "a.jpeg", "a.jfif", "a.JFIF", "a.jpe", "a.jif", "a.pjpeg", "a.pjp", "a.webp"})
    void read_extensionsOfSupportedFormats_areImages(String name) throws IOException {
        write(name);

        assertThat(names()).containsExactly(name);
    }

    @Test
    void read_otherFormats_areCountedByExtension() throws IOException {
        write("1.png");
        for (String name : List.of("a.tif", "b.TIF", "c.svg", "sub/d.heic", "notes.txt", "noextension")) {
            write(name);
        }

        assertThat(skipped())
                .containsExactly(
                        "4 images in formats that are not supported (1 .heic, 1 .svg, 2 .tif); convert them to PNG");
    }

    @Test
    void read_onlyOtherFormats_isAnErrorThatNamesThem() throws IOException {
        write("a.ppm");

        assertThatThrownBy(() -> ImageFolder.read(folder))
                .isInstanceOf(UserError.class)
                .hasMessage("the folder " + folder + " has no images (PNG, JPEG, WebP, BMP or GIF); skipped 1 image in"
                        + " formats that are not supported (1 .ppm); convert them to PNG");
    }

    @Test
    void read_pipeWithTheNameOfAnImage_isSkipped() throws Exception {
        write("1.png");
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("2.png").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(names()).containsExactly("1.png");
        assertThat(skipped()).containsExactly("1 special file (2.png)");
    }

    @Test
    void read_nameThatIsNotUtf8_isAnErrorThatNamesIt() throws Exception {
        String script = "printf x > \"$1/$(printf 'caf\\351').png\"";
        assertThat(new ProcessBuilder("sh", "-c", script, "sh", folder.toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> ImageFolder.read(folder))
                .isInstanceOf(UserError.class)
                .hasMessage("the folder " + folder
                        + " has 1 file name that is not valid UTF-8, for example caf\ufffd.png;" + " rename the file");
    }

    private List<String> names() {
        return ImageFiles.named(List.of(folder)).stream().map(ImageFile::name).toList();
    }

    private List<String> skipped() {
        return ImageFolder.read(folder).skipped().describe();
    }

    private void write(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(folder.resolve(name), target);
    }
}
