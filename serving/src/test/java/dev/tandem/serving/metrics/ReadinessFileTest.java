package dev.tandem.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.broker.BrokerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file, and the script that reads it in a container. */
class ReadinessFileTest {
    private static final Path SCRIPT = Path.of("..", "deploy", "container", "health");

    @TempDir
    private Path folder;

    private final Readiness readiness = new Readiness();

    @Test
    void health_runIsReady_succeeds() throws Exception {
        readiness.onPipelinesStarted();
        readiness.onBrokerState(new BrokerState.Available(Map.of()));

        write();

        assertThat(health()).isEqualTo(new Health(0, "ready\n"));
    }

    @Test
    void health_brokerIsMissing_failsAndSaysSo() throws Exception {
        readiness.onPipelinesStarted();
        readiness.onBrokerState(new BrokerState.Unavailable("no Kafka broker answers at kafka:9092"));

        write();

        assertThat(health()).isEqualTo(new Health(1, "no Kafka broker answers at kafka:9092\n"));
    }

    @Test
    void health_runHasNotStarted_fails() throws Exception {
        assertThat(health()).isEqualTo(new Health(1, "the run has not started\n"));
    }

    @Test
    void health_runHangs_fails() throws Exception {
        readiness.onPipelinesStarted();
        readiness.onBrokerState(new BrokerState.Available(Map.of()));
        write();
        Files.setLastModifiedTime(file(), FileTime.from(Instant.now().minusSeconds(1000)));

        Health health = health();

        assertThat(health.exitCode()).isEqualTo(1);
        assertThat(health.output()).matches("the run has not reported for 10\\d\\d s\n");
    }

    private void write() throws IOException {
        new ReadinessFile(file(), readiness).write();
    }

    private Path file() {
        return folder.resolve("health");
    }

    private record Health(int exitCode, String output) {}

    private Health health() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", SCRIPT.toString()).redirectErrorStream(true);
        builder.environment().put("TANDEM_HEALTH_FILE", file().toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Health(process.waitFor(), output);
    }
}
