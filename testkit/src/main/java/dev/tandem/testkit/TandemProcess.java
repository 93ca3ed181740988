package dev.tandem.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program as a user starts it: {@code ./tandem ...} in a process of its own. */
public final class TandemProcess implements AutoCloseable {
    private static final Path LAUNCHER =
            Path.of("..", "tandem").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

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
        return start(arguments, "-Xmx1g");
    }

    public static TandemProcess start(List<String> arguments, String javaOptions) {
        List<String> command = new ArrayList<>(List.of("bash", LAUNCHER.toString()));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile("tandem-", ".out");
            Path err = Files.createTempFile("tandem-", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("TANDEM_BUILD", "never");
            builder.environment().put("TANDEM_JAVA_OPTS", "-XX:TieredStopAtLevel=1 " + javaOptions);
            return new TandemProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs to the end. */
    public static TandemProcess run(String... arguments) {
        TandemProcess process = start(arguments);
        process.exitCode();
        return process;
    }

    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running\n" + out() + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it ended by itself within that time. */
    public boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL, and gone when this returns. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** SIGSTOP: it holds still wherever it is. */
    public void suspend() {
        signal("STOP");
    }

    /** SIGCONT. */
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

    /** Bytes of memory it has in use, by the kernel's account. */
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

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    public void awaitOut(String text) {
        awaitText(out, text);
    }

    public void awaitErr(String text) {
        awaitText(err, text);
    }

    private void awaitText(Path file, String text) {
        await().atMost(PATIENCE).alias(text).until(() -> {
            if (!process.isAlive() && !read(file).contains(text)) {
                throw new AssertionError("ended without saying \"" + text + "\"\n" + out() + err());
            }
            return read(file).contains(text);
        });
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    /** The object on the last line of standard output. */
    public JsonNode json() {
        List<String> lines = out().lines().toList();
        try {
            return new ObjectMapper().readTree(lines.get(lines.size() - 1));
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new AssertionError("no JSON on the last line of\n" + out() + err(), e);
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
