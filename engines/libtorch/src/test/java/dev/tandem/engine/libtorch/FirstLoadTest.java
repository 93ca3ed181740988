package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The first start on a machine, when no library has been extracted yet. */
class FirstLoadTest {
    @TempDir
    private Path folder;

    /** On a system with a package of libtorch in another version, such as Debian's, a process with both crashes. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "The test reads /proc/self/maps.")
    void load_nothingExtracted_loadsNoLibraryOfTheSystem() throws Exception {
        Path extracted = folder.resolve("extracted");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.bytedeco.javacpp.cachedir=" + extracted,
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstLoadTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);

        Process process = java.start();
        try {
            assertThat(process.inputReader().lines().filter(line -> line.contains("libtorch_cpu")))
                    .isNotEmpty()
                    .allMatch(mapping -> mapping.contains(extracted.toString()));
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Loads the library and prints the mapped files. */
    public static void main(String[] arguments) throws IOException {
        NativeLibrary.load(Device.CPU);
        Files.readAllLines(Path.of("/proc/self/maps")).forEach(System.out::println);
    }
}
