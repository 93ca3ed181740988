package dev.tandem.app;

import static dev.tandem.testkit.Runs.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Dead letters, looked at, repaired and put back. */
class ReplayIT extends WithBroker {
    @Test
    void replay_lettersThatWereRepaired_areTrainedOnAndTheOthersStay() throws IOException {
        broker.produce(Stream.of(
                        record("good", Runs.pair(0)),
                        record("spoilt", "spoilt".getBytes(UTF_8)),
                        record("lost", "lost".getBytes(UTF_8)),
                        record("good", Runs.pair(1)))
                .toList());
        String[] two = {"--stop-after-pairs", "2", "--set", "train.batch-size=1", "--set", "train.split-batch=false"};
        result(runs.start("again", two));
        Path letters = folder.resolve("letters");
        assertThat(tandem("consume", "--topic", "again-dead", "--headers", "--max", "2", "--out", letters.toString()))
                .isZero();
        assertThat(letters.resolve("again-pairs-0-1.bin")).hasContent("spoilt");
        assertThat(letters.resolve("again-pairs-0-1.bin.headers.json"))
                .content()
                .contains("NOT_AN_IMAGE");

        Path repaired = Files.createDirectory(folder.resolve("repaired"));
        Files.write(repaired.resolve("again-pairs-0-1.png"), Runs.pair(2));
        assertThat(tandem("replay-dead-letters", "--repaired", repaired.toString(), "--json"))
                .isZero();
        assertThat(tandem("replay-dead-letters", "--repaired", repaired.toString(), "--json"))
                .as("a second time there is nothing left to do")
                .isZero();

        Files.write(repaired.resolve("again-pairs-0-2.png"), Runs.pair(3));
        assertThat(tandem("replay-dead-letters", "--reason", "NOT_FINITE", "--json"))
                .isZero();
        assertThat(tandem("replay-dead-letters", "--repaired", repaired.toString(), "--json"))
                .as("what was passed over may come later")
                .isZero();

        List<ConsumerRecord<byte[], byte[]>> pairs = broker.consumeAll("again-pairs");
        assertThat(pairs).hasSize(6);
        assertThat(pairs.get(5).value()).isEqualTo(Runs.pair(3));
        ConsumerRecord<byte[], byte[]> replayed = pairs.get(4);
        assertThat(replayed.value()).isEqualTo(Runs.pair(2));
        assertThat(new String(replayed.key(), UTF_8)).isEqualTo("spoilt");
        assertThat(Records.header(replayed, "tandem-replay-of")).hasValue("again-pairs-0-1");
        assertThat(Records.header(replayed, "mine")).hasValue("kept");
        assertThat(Records.header(replayed, "tandem-reason")).isEmpty();
        String[] four = {"--stop-after-pairs", "4", "--set", "train.batch-size=1", "--set", "train.split-batch=false"};
        assertThat(result(runs.start("again", four)).path("pairsTrained").asLong())
                .isEqualTo(4);
    }

    @Test
    void replay_transactionUndecidedAmongTheLetters_waitsForItAndPutsNothingBackTwice() {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>("open-dead", Runs.pair(0));
        letter.headers().add("tandem-origin", "open-pairs-0-7".getBytes(UTF_8));
        broker.produce(List.of(letter));
        broker.createTopic("open-pairs", 1);
        String[] arguments = arguments("open", "replay-dead-letters", "--json");
        try (KafkaProducer<byte[], byte[]> somebody = broker.transactionalProducer("somebody")) {
            somebody.initTransactions();
            somebody.beginTransaction();
            somebody.send(new ProducerRecord<>("open-dead", new byte[1]));
            somebody.flush();
            try (TandemProcess first = TandemProcess.start(List.of(arguments))) {
                assertThat(first.endsWithin(Duration.ofSeconds(6)))
                        .as(first.err())
                        .isFalse();
                somebody.abortTransaction();
                assertThat(first.exitCode()).as(first.err()).isZero();
                assertThat(first.json().path("replayed").asInt()).isEqualTo(1);
            }
        }

        try (TandemProcess second = TandemProcess.run(arguments)) {
            assertThat(second.json().path("replayed").asInt()).as(second.err()).isZero();
        }
        assertThat(broker.consumeAll("open-pairs")).hasSize(1);
    }

    @Test
    void replay_letterThatNamesATopicThatIsNotRead_isPassedOver() {
        ProducerRecord<byte[], byte[]> forged = new ProducerRecord<>("forged-dead", Runs.pair(0));
        forged.headers().add("tandem-origin", "somebody-elses-0-1".getBytes(UTF_8));
        broker.produce(List.of(forged, new ProducerRecord<>("somebody-elses", new byte[1])));

        try (TandemProcess replay = TandemProcess.run(arguments("forged", "replay-dead-letters", "--json"))) {
            assertThat(replay.exitCode()).as(replay.err()).isZero();
            assertThat(replay.err())
                    .contains("forged-dead-0-0 is skipped: its origin somebody-elses-0-1 is not in topic");
            assertThat(replay.json().path("replayed").asInt()).isZero();
        }
        assertThat(broker.consumeAll("somebody-elses")).hasSize(1);
    }

    @Test
    void replay_topicThatDoesNotExist_failsInOneLine() {
        try (TandemProcess replay = TandemProcess.run(arguments("missing", "replay-dead-letters"))) {
            assertThat(replay.exitCode()).isEqualTo(1);
            assertThat(replay.err()).contains("there is no topic missing-dead").doesNotContain("\tat ");
        }
    }

    private int tandem(String command, String... more) {
        try (TandemProcess process = TandemProcess.run(arguments("again", command, more))) {
            return process.exitCode();
        }
    }

    private String[] arguments(String name, String command, String... more) {
        Path settings = folder.resolve(name + ".conf");
        try {
            Files.writeString(
                    settings,
                    "tandem { kafka.bootstrap-servers = \"" + broker.bootstrapServers() + "\", topics { pairs = " + name
                            + "-pairs, sources = " + name + "-sources, dead-letters = " + name + "-dead } }");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> all = new ArrayList<>(List.of(command, "--config", settings.toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static ProducerRecord<byte[], byte[]> record(String key, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("again-pairs", key.getBytes(UTF_8), value);
        record.headers().add("mine", "kept".getBytes(UTF_8));
        return record;
    }
}
