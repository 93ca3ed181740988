package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.client.KafkaTestClient;
import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.TandemProcess;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two {@code tandem broker} commands that want the same folder or port. */
class BrokerCommandIT {
    @TempDir
    private Path folder;

    @Test
    void broker_folderInUse_failsInOneLineAndTheFirstBrokerStillWorks() {
        Path same = folder.resolve("same");
        try (BrokerProcess first = BrokerProcess.start(same, FreePort.find());
                TandemProcess second = TandemProcess.run("broker", "--dir", same.toString(), "--port", "0")) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .contains("another broker uses the folder " + same)
                    .doesNotContain("\tat ");
            KafkaTestClient kafka = new KafkaTestClient(first.bootstrapServers());
            kafka.produce(List.of(new ProducerRecord<>("still-there", new byte[1])));
            assertThat(kafka.consume("still-there", 1)).hasSize(1);
        }
    }

    @Test
    void broker_portInUse_failsInOneLine() {
        int port = FreePort.find();
        try (BrokerProcess first = BrokerProcess.start(folder.resolve("first"), port);
                TandemProcess second = TandemProcess.run(
                        "broker", "--dir", folder.resolve("second").toString(), "--port", "" + port)) {
            assertThat(second.exitCode()).as(first.bootstrapServers()).isEqualTo(1);
            assertThat(second.err()).contains("port " + port + " is in use").doesNotContain("\tat ");
        }
    }
}
