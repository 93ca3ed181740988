package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.stream.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java without the launcher, in a locale that cannot represent file names. */
class LocaleIT {
    private static final String CLASS_PATH = Path.of("target", "tandem-app.jar").toAbsolutePath() + ":"
            + Path.of("target", "lib").toAbsolutePath() + "/*";

    @TempDir
    private Path folder;

    @BeforeEach
    void writePair() throws IOException {
        Files.write(folder.resolve("\u732b.png"), TestRecords.pair(0));
    }

    @Test
    void argument_thatTheLocaleCannotRepresent_isAnErrorInOneLine() throws Exception {
        assertThat(errorOf("produce", "--check", folder.resolve("\u732b.png").toString()))
                .startsWith("tandem: the locale (US-ASCII) cannot represent the argument ")
                .endsWith("; set LC_ALL=C.UTF-8, or start Tandem with its launcher");
    }

    @Test
    void fileName_thatTheLocaleCannotRepresent_isAnErrorInOneLine() throws Exception {
        assertThat(errorOf("produce", "--check", folder.toString()))
                .startsWith("tandem: the folder " + folder + " has 1 file name that the locale (US-ASCII) cannot"
                        + " represent, for example ")
                .endsWith(".png; set LC_ALL=C.UTF-8, or start Tandem with its launcher");
    }

    /** The only line that the program prints. */
    private String errorOf(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("java", "-cp", CLASS_PATH, "dev.tandem.app.Main"));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("tandem-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("LC_ALL", "C");

        assertThat(builder.start().waitFor()).isEqualTo(1);
        assertThat(Files.readString(err).lines()).hasSize(1);
        return Files.readString(err).strip();
    }
}
