package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.pair;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that use a broker without a model: {@code produce}, {@code consume} and {@code doctor}. */
class KafkaCommandsIT extends BrokerTest {
    private Path images;

    @BeforeEach
    void createFolder() throws IOException {
        images = Files.createDirectories(folder.resolve("in"));
    }

    @Test
    void produceAndConsume_files_areSentAndWrittenBack() throws IOException {
        Files.write(images.resolve("one.png"), pair(0));
        Files.write(images.resolve("two.png"), pair(1));
        Path out = folder.resolve("out");

        try (TandemProcess produce = tandem("produce", "--topic", "files", "--create", images.toString());
                TandemProcess consume = tandem("consume", "--topic", "files", "--max", "2", "--out", out.toString())) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(2);
            assertThat(consume.json().path("consumed").asInt())
                    .as(consume.err())
                    .isEqualTo(2);
        }
        assertThat(out).isDirectoryContaining("glob:**one.png-*.png");
    }

    @Test
    void produce_pairsAlreadyInTheTopic_areSkippedUnlessRepetitionIsRequested() throws IOException {
        Files.write(images.resolve("one.png"), pair(0));
        Files.write(images.resolve("two.png"), pair(1));

        assertThat(countProduced()).isEqualTo(2);
        Files.write(images.resolve("three.png"), pair(2));
        assertThat(countProduced()).as("only the new file").isEqualTo(1);
        assertThat(countProduced("--epochs", "2")).as("the second epoch").isEqualTo(3);
        assertThat(countProduced("--again")).isEqualTo(3);

        assertThat(kafka.consumeAll("known-pairs"))
                .hasSize(9)
                .first()
                .satisfies(record -> assertThat(new String(record.key(), UTF_8)).matches("one\\.png#[0-9a-f]{16}"));
    }

    @Test
    void produce_oneInvalidFile_namesItAndSendsNothing() throws IOException {
        Files.write(images.resolve("one.png"), pair(0));
        Files.writeString(images.resolve("two.png"), "no picture");
        kafka.admin().createTopic("spoilt-pairs", 1);

        try (TandemProcess produce = produce("spoilt-pairs")) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err())
                    .contains("two.png: NOT_AN_IMAGE, ", "1 of 2 files are invalid; nothing was sent")
                    .doesNotContain("\tat ");
        }
        assertThat(kafka.consumeAll("spoilt-pairs")).isEmpty();
        try (TandemProcess produce = produce("spoilt-pairs", "--skip-unusable")) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(1);
            assertThat(produce.json().path("unusable").asInt()).isEqualTo(1);
        }
    }

    private int countProduced(String... options) {
        try (TandemProcess produce = produce("known-pairs", options)) {
            return produce.json().path("produced").asInt();
        }
    }

    private TandemProcess produce(String topic, String... options) {
        return tandem(
                "produce",
                Stream.concat(Stream.of("--set", "topics.pairs=" + topic, images.toString()), Stream.of(options))
                        .toArray(String[]::new));
    }

    private TandemProcess tandem(String command, String... options) {
        return TandemProcess.run(Stream.concat(
                        Stream.of(command, "--json", "--bootstrap", broker.bootstrapServers()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void doctor_brokerAndTopics_reportsTopicsThatAreMissingOrTooSmall() {
        kafka.admin().createTopic("small-pairs", 1);
        try (TandemProcess doctor = TandemProcess.run(
                "doctor",
                "--json",
                "--set",
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--set",
                "topics.pairs=small-pairs",
                "--set",
                "topics.sources=none-yet",
                "--set",
                "topics.max-message-bytes=128 MiB",
                "--set",
                "http.port=0")) {
            doctor.assertSuccess();
            assertThat(doctor.json().toString())
                    .contains("{\"level\":\"OK\",\"what\":\"broker\"")
                    .contains(
                            "{\"level\":\"OK\",\"what\":\"topic none-yet\",\"found\":\"does not exist; the run creates it\"")
                    .contains("{\"level\":\"WARN\",\"what\":\"topic small-pairs\"")
                    .contains("raise its max.message.bytes");
        }
    }
}
