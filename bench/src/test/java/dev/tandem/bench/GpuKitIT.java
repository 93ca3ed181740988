package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measurement kit for GPUs, rehearsed on the CPU: bundle, pieces, checks, measurement, results. */
class GpuKitIT {
    private static final Path KIT = Path.of("gpu").toAbsolutePath();
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final List<String> TOOLS = List.of("bash", "python3", "sha256sum", "split");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void requireTools() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "bundles are for Linux, like libtorch for GPUs");
        assumeTrue(Files.isExecutable(JAVA_HOME.resolve("bin/jlink")), "this Java has no jlink");
        TOOLS.forEach(tool -> assumeTrue(isInstalled(tool), tool + " is not installed"));
    }

    /** Without a Python with torch, the programs of PyTorch are left out; the output says so. */
    @Test
    void rehearsal_bundleFromItsPieces_passesTheChecksAndMeasuresAllCells() throws Exception {
        String bundled = run(KIT, "./bundle", "--built", "--split", folder.resolve("kit") + "/");
        assertThat(bundled).contains("bundle: " + folder.resolve("kit.pieces") + " (");
        assertThat(folder).isDirectoryNotContaining("glob:**unfinished*");
        Path there = folder.resolve("there");
        run(folder, "kit.pieces/join", there.toString());

        String output = run(
                there.resolve("kit"),
                "./run",
                "--rehearse",
                "--rounds=2",
                "--round-seconds=0.1",
                "--warm-up-seconds=0.1",
                "--seconds=3600");

        assertThat(output).contains("nothing is missing");
        JsonNode results = new ObjectMapper()
                .readTree(there.resolve("kit/results/results.json").toFile());
        assertThat(results.path("checks"))
                .hasSize(3)
                .allSatisfy(check -> assertThat(check.path("result").asText()).isEqualTo("passed"));
        assertThat(results.path("cells"))
                .extracting(cell -> cell.path("cell").asText())
                .containsExactly(
                        "step/paper/32/2/fp32",
                        "generate/paper/32/2/fp32",
                        "step/seed/64/2/fp32",
                        "generate/seed/64/2/fp32");
        assertThat(results.path("cells")).allSatisfy(cell -> {
            JsonNode own = cell.path("programs").path("tandem");
            assertThat(own.path("roundMillis")).hasSize(2);
            assertThat(own.path("medianMillis").asDouble()).isPositive();
        });
        assertThat(there.resolve("kit/results/results.md"))
                .content()
                .contains("| step/paper/32/2/fp32 | ")
                .containsPattern("\\| bf16 \\| \\d\\.\\de-\\d\\d to ");
    }

    @Test
    void pythonTests_all_pass() throws Exception {
        run(KIT, "python3", "-m", "unittest", "-v");
    }

    /** Returns the output. */
    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "log-", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        int exit = builder.redirectOutput(log.toFile()).start().waitFor();
        String output = Files.readString(log);
        System.out.print(output);
        assertThat(exit).as("%s%n%s", Arrays.toString(command), output).isZero();
        return output;
    }

    private static boolean isInstalled(String tool) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    }
}
