package dev.tandem.app;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.testkit.process.InstalledTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher {@code tandem} in a small source tree, with stubs of Java and Maven that print what they get. */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "tandem").toAbsolutePath().normalize();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final String JAVA = """
            #!/bin/sh
            echo "LC_ALL=$LC_ALL"
            printf '%s\\n' "$@"
            """;
    /** Runs until the file {@code go} exists. */
    private static final String MAVEN = """
            #!/bin/sh
            echo started >>"$TREE/builds"
            while [ ! -e "$TREE/go" ]; do sleep 0.1; done
            mkdir -p "$TREE/app/target/lib"
            touch "$TREE/app/target/tandem-app.jar"
            """;

    @TempDir
    private Path folder;

    private Path tree;
    private Path tools;

    @BeforeEach
    void createTree() throws IOException {
        tree = Files.createDirectories(folder.resolve("tree"));
        for (String module : List.of("app", "engines/one")) {
            Files.createDirectories(tree.resolve(module).resolve("src/main"));
            Files.writeString(tree.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(tree.resolve("pom.xml"), "");
        Files.copy(LAUNCHER, tree.resolve("tandem"));
        tools = Files.createDirectories(folder.resolve("tools"));
        write("java", JAVA);
        write("mvn", MAVEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flock", "perl"})
    void launcher_twoAtOnceWithoutABuild_buildOnce(String locker) throws Exception {
        assumeTrue(InstalledTools.find(locker).isPresent(), locker + " is not installed");
        Map<String, String> environment = Map.of("PATH", pathWithout(locker.equals("flock") ? "perl" : "flock"));
        Process first = start("first", environment);
        await().atMost(TIMEOUT).until(() -> Files.exists(tree.resolve("builds")));
        Process second = start("second", environment);

        await().atMost(TIMEOUT).until(() -> read("second.err").contains("waiting for another process that builds"));
        Files.writeString(tree.resolve("go"), "");

        assertExit(first, "first");
        assertExit(second, "second");
        assertThat(read("tree/builds").lines()).hasSize(1);
        assertThat(read("first.out")).endsWith("dev.tandem.app.Main\n--version\n");
        assertThat(read("second.out")).endsWith("dev.tandem.app.Main\n--version\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "", "xx_YY.UTF-8", "xx_YY.ISO-8859-1"})
    void launcher_localeWithoutUtf8_startsJavaInOneWithUtf8(String locale) throws Exception {
        Files.writeString(tree.resolve("go"), "");

        assertExit(start("run", Map.of("LC_ALL", locale, "LANG", locale)), "run");

        assertThat(read("run.out").lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).matches("(?i)LC_ALL=C\\.utf-?8"));
    }

    @Test
    void launcher_localeWithUtf8_isNotChanged() throws Exception {
        Files.writeString(tree.resolve("go"), "");

        assertExit(start("run", Map.of("LC_ALL", "", "LANG", "C.UTF-8")), "run");

        assertThat(read("run.out")).startsWith("LC_ALL=\n");
    }

    @Test
    void launcher_terminal_isReportedToJava() throws Exception {
        assumeTrue(InstalledTools.find("script").isPresent(), "script is not installed");
        Files.writeString(tree.resolve("go"), "");
        String command = "stty columns 90; bash " + tree.resolve("tandem") + " --version";

        assertExit(process("run", Map.of(), "script", "-qec", command, "/dev/null"), "run");
        assertThat(read("run.out")).contains("-Dconsole.width=90");

        assertExit(start("file", Map.of()), "file");
        assertThat(read("file.out")).doesNotContain("-Dconsole.");
    }

    private Process start(String name, Map<String, String> environment) throws IOException {
        return process(name, environment, "bash", tree.resolve("tandem").toString(), "--version");
    }

    private Process process(String name, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_HOME", "TANDEM_BUILD", "TANDEM_JAVA_OPTS"));
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().put("TREE", tree.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** A path that contains links to the tools that the launcher and the stubs need, but not the given one. */
    private String pathWithout(String tool) throws IOException {
        for (String folderOfTools : System.getenv("PATH").split(":")) {
            try (Stream<Path> files = Files.list(Path.of(folderOfTools))) {
                for (Path file : files.toList()) {
                    Path link = tools.resolve(file.getFileName());
                    if (!Files.exists(link) && !file.endsWith(tool)) {
                        Files.createSymbolicLink(link, file);
                    }
                }
            } catch (IOException e) {
                continue;
            }
        }
        return tools.toString();
    }

    private void write(String name, String script) throws IOException {
        Files.setPosixFilePermissions(Files.writeString(tools.resolve(name), script), fromString("rwxr-xr-x"));
    }

    private void assertExit(Process process, String name) throws InterruptedException {
        assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(read(name + ".err")).isZero();
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
