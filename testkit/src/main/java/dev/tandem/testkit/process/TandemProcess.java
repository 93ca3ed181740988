package dev.tandem.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.testkit.Timeouts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command {@code ./tandem} in a process of its own, as a user starts it. Closing it kills the process. */
public final class TandemProcess implements AutoCloseable {
    private static final Path LAUNCHER =
            Path.of("..", "tandem").toAbsolutePath().normalize();
    /** On a slow machine a broker may need longer than the default time-out for its first answer. */
    private static final String JAVA_OPTIONS = "-Xmx1g -Dtandem.topics.admin-timeout=1m";

    private final Process process;
    private final Path out;
    private final Path err;

    private TandemProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    public static TandemProcess start(String... arguments) {
        return start(List.of(arguments));
    }

    public static TandemProcess start(List<String> arguments) {
        return start(arguments, JAVA_OPTIONS);
    }

    /** @param javaOptions options of the JVM, for instance {@code -Xmx400m} */
    public static TandemProcess start(List<String> arguments, String javaOptions) {
        return start(arguments, javaOptions, Map.of());
    }

    /** @param environment variables that the command gets in addition */
    public static TandemProcess start(List<String> arguments, String javaOptions, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of("bash", LAUNCHER.toString()));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile("tandem-", ".out");
            Path err = Files.createTempFile("tandem-", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("TANDEM_BUILD", "never");
            builder.environment().put("TANDEM_JAVA_OPTS", "-XX:TieredStopAtLevel=1 " + javaOptions);
            builder.environment().putAll(environment);
            return new TandemProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the command and waits until it has exited, with any exit code. */
    public static TandemProcess run(String... arguments) {
        return run(Map.of(), arguments);
    }

    /** @param environment variables that the command gets in addition */
    public static TandemProcess run(Map<String, String> environment, String... arguments) {
        TandemProcess process = start(List.of(arguments), "-Xmx1g", environment);
        process.exitCode();
        return process;
    }

    /** Waits for the exit; fails if the process hangs. */
    public int exitCode() {
        if (!exitsWithin(Timeouts.HANG)) {
            throw new AssertionError("the process has not exited\n" + out() + err());
        }
        return process.exitValue();
    }

    /** Waits for the exit; fails with the output of the process unless the exit code is 0. */
    public void assertSuccess() {
        assertThat(exitCode()).as(err()).isZero();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether the process exits within the time. */
    public boolean exitsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL and waits for the exit. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** Sends SIGSTOP: the process hangs with its connections open. */
    public void suspend() {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Resident set size (RSS) in bytes, as the kernel reports it. */
    public long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until standard output contains the text; fails if the process exits without it. */
    public void awaitOut(String text) {
        awaitText(out, text);
    }

    /** Waits until standard error contains the text; fails if the process exits without it. */
    public void awaitErr(String text) {
        awaitText(err, text);
    }

    private void awaitText(Path file, String text) {
        await().atMost(Timeouts.HANG).alias(text).until(() -> {
            if (!process.isAlive() && !read(file).contains(text)) {
                throw new AssertionError("the process exited without \"" + text + "\"\n" + out() + err());
            }
            return read(file).contains(text);
        });
    }

    /** Standard output until now. */
    public String out() {
        return read(out);
    }

    /** Standard error until now. */
    public String err() {
        return read(err);
    }

    /** The JSON object on the last line of standard output. */
    public JsonNode json() {
        List<String> lines = out().lines().toList();
        try {
            return new ObjectMapper().readTree(lines.get(lines.size() - 1));
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new AssertionError("the last line of the output is not JSON\n" + out() + err(), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
