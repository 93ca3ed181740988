package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the generator of the pictures with the installed Pillow, and compares its output with the committed archive. */
class PictureGeneratorTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String RESOURCES = "src/test/resources/dev/tandem/images/decode/";
    private static final Path SCRIPT = Path.of("src/test/python/pictures.py");
    private static final Path COMMITTED = Path.of(RESOURCES + "pictures.zip");

    @TempDir
    private Path folder;

    @BeforeEach
    void requirePillow() throws Exception {
        boolean installed = Files.isExecutable(Path.of(PYTHON))
                && run("-c", "import PIL.ImageCms").exit() == 0;
        if (!installed) {
            System.out.println("skipped: " + PYTHON + " with Pillow (Debian: python3-pil) is not installed");
        }
        Assumptions.assumeTrue(installed, PYTHON + " with Pillow is not installed");
    }

    @Test
    void generator_givesTheCommittedPictures() throws Exception {
        Path written = folder.resolve("pictures.zip");

        Output output = run(SCRIPT.toString(), written.toString());

        assertThat(output.exit()).as(output.text()).isZero();
        Map<String, byte[]> actual = entries(written);
        Map<String, byte[]> expected = entries(COMMITTED);
        if (version(actual).equals(version(expected))) {
            assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected);
        } else {
            // Another version of a codec writes other files, so that only the committed files can be compared.
            System.out.println("not compared by byte: " + version(actual) + " is installed");
        }
    }

    @Test
    void installedPillow_decodesTheCommittedPicturesAlike() throws Exception {
        Output output = run(SCRIPT.toString(), "--compare", COMMITTED.toString());

        assertThat(output.exit()).as(output.text()).isZero();
    }

    private static Map<String, byte[]> entries(Path archive) throws IOException {
        return Pictures.entries(new ByteArrayInputStream(Files.readAllBytes(archive)));
    }

    private static String version(Map<String, byte[]> entries) {
        return new String(entries.get("index.tsv"), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow();
    }

    private record Output(int exit, String text) {}

    private static Output run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }
}
