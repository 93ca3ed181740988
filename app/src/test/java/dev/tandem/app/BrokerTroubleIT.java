package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.TandemProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTroubleIT {
    @TempDir
    private Path folder;

    @Test
    void run_brokerNotThere_saysSoOnceWaitsAndGoesOnWhenItComes() {
        int port = BrokerProcess.freePort();
        try (TandemProcess run = TandemProcess.start(
                "run",
                "--roles",
                "train",
                "--stop-after-pairs",
                "0",
                "--json",
                "--set",
                "kafka.bootstrap-servers=127.0.0.1:" + port,
                "--set",
                "topics.admin-timeout=2 seconds",
                "--set",
                "checkpoint.directory=" + folder.resolve("checkpoints"),
                "--set",
                "model.image-size=32",
                "--set",
                "model.width=4")) {
            run.awaitErr("no Kafka broker answers at 127.0.0.1:" + port);
            try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker"), port)) {
                assertThat(run.exitCode())
                        .as(run.err() + broker.bootstrapServers())
                        .isZero();
            }
            assertThat(run.err()).containsOnlyOnce("no Kafka broker answers");
            assertThat(run.json().path("steps").asLong()).isZero();
        }
    }

    @Test
    void run_hostThatNobodyKnows_waitsForItAndEndsWhenTold() {
        try (TandemProcess run = TandemProcess.start(
                "run",
                "--roles",
                "train,translate",
                "--set",
                "kafka.bootstrap-servers=nobody.invalid:9092",
                "--set",
                "topics.watch-every=200 milliseconds",
                "--set",
                "checkpoint.directory=" + folder.resolve("unknown"),
                "--set",
                "model.image-size=32",
                "--set",
                "model.width=4")) {
            run.awaitErr("no Kafka broker answers at nobody.invalid:9092");
            run.awaitErr("model ready");
            assertThat(run.endsWithin(Duration.ofSeconds(3))).as(run.err()).isFalse();
            run.terminate();
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).containsOnlyOnce("no Kafka broker answers").doesNotContain("ERROR", "\tat ");
        }
    }

    @Test
    void produce_brokerNotThere_failsInOneLine() {
        try (TandemProcess produce =
                TandemProcess.run("produce", "--bootstrap", "127.0.0.1:" + BrokerProcess.freePort(), "pom.xml")) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err()).contains("no Kafka broker answers").doesNotContain("\tat ");
        }
    }

    @Test
    void consume_brokerNotThere_failsInOneLine() {
        try (TandemProcess consume = TandemProcess.run(
                "consume", "--bootstrap", "127.0.0.1:" + BrokerProcess.freePort(), "--out", folder.toString())) {
            assertThat(consume.exitCode()).isEqualTo(1);
            assertThat(consume.err()).contains("no Kafka broker answers").doesNotContain("\tat ");
        }
    }

    @Test
    void broker_folderInUse_failsInOneLineAndLeavesTheFirstAlone() {
        int port = BrokerProcess.freePort();
        Path same = folder.resolve("same");
        try (BrokerProcess first = BrokerProcess.start(same, port);
                TandemProcess second = TandemProcess.run("broker", "--dir", same.toString(), "--port", "0")) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .contains("another broker uses the folder " + same)
                    .doesNotContain("\tat ");
            first.produce(List.of(new ProducerRecord<>("still-there", new byte[1])));
            assertThat(first.consume("still-there", 1)).hasSize(1);
        }
    }

    @Test
    void broker_portInUse_failsInOneLine() {
        int port = BrokerProcess.freePort();
        try (BrokerProcess first = BrokerProcess.start(folder.resolve("first"), port);
                TandemProcess second = TandemProcess.run(
                        "broker", "--dir", folder.resolve("second").toString(), "--port", "" + port)) {
            assertThat(second.exitCode()).as(first.bootstrapServers()).isEqualTo(1);
            assertThat(second.err()).contains("port " + port + " is in use").doesNotContain("\tat ");
        }
    }
}
