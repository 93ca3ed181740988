package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.TestRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that start while no broker answers: {@code run} waits, the others fail. */
class BrokerUnreachableIT {
    @TempDir
    private Path folder;

    @Test
    void run_brokerStartsLater_logsOneLineWaitsAndResumes() {
        int port = FreePort.find();
        try (TandemProcess run = new TestRuns("127.0.0.1:" + port, folder)
                .run("late", "train")
                .stopAfterPairs(0)
                .set("topics.admin-timeout=5 seconds")
                .start()) {
            run.awaitErr("no Kafka broker answers at 127.0.0.1:" + port);
            try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker"), port)) {
                assertThat(run.exitCode())
                        .as(run.err() + broker.bootstrapServers())
                        .isZero();
            }
            OutageLog.assertReportsEachOutageOnce(run.err());
            assertThat(run.json().path("steps").asLong()).isZero();
        }
    }

    @Test
    void run_unknownHost_waitsUntilItIsTerminated() {
        try (TandemProcess run = new TestRuns("nobody.invalid:9092", folder)
                .run("unknown")
                .set("topics.watch-every=200 milliseconds")
                .start()) {
            run.awaitErr("no Kafka broker answers at nobody.invalid:9092");
            run.awaitErr("model ready");
            assertThat(run.exitsWithin(Duration.ofSeconds(3))).as(run.err()).isFalse();
            run.terminate();
            run.assertSuccess();
            assertThat(run.err()).containsOnlyOnce("no Kafka broker answers").doesNotContain("ERROR", "\tat ");
        }
    }

    @Test
    void produce_noBroker_failsInOneLine() {
        try (TandemProcess produce = start("produce", "--bootstrap", "127.0.0.1:" + FreePort.find(), "pom.xml")) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err()).contains("no Kafka broker answers").doesNotContain("\tat ");
        }
    }

    @Test
    void consume_noBroker_failsInOneLine() {
        try (TandemProcess consume =
                start("consume", "--bootstrap", "127.0.0.1:" + FreePort.find(), "--out", folder.toString())) {
            assertThat(consume.exitCode()).isEqualTo(1);
            assertThat(consume.err()).contains("no Kafka broker answers").doesNotContain("\tat ");
        }
    }

    /** Starts a command with the default time-out, because here it passes in vain. */
    private static TandemProcess start(String... arguments) {
        return TandemProcess.start(List.of(arguments), "-Xmx1g");
    }
}
