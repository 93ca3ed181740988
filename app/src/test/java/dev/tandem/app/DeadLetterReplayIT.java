package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Dead letters that are inspected, repaired and replayed. */
class DeadLetterReplayIT extends BrokerTest {
    @Test
    void replay_repairedDeadLetters_areTrainedOnAndTheOthersStay() throws IOException {
        TestRun run = runs.run("again").set("train.batch-size=1", "train.split-batch=false");
        produceTwoInvalidPairs();
        run.stopAfterPairs(2).complete();
        Path deadLetters = folder.resolve("dead-letters");
        tandem("consume", "--topic", "again-dead", "--headers", "--max", "2", "--out", deadLetters.toString());
        assertThat(deadLetters.resolve("again-pairs-0-1.bin")).hasContent("spoilt");
        assertThat(deadLetters.resolve("again-pairs-0-1.bin.headers.json"))
                .content()
                .contains("NOT_AN_IMAGE");

        Path repaired = Files.createDirectory(folder.resolve("repaired"));
        Files.write(repaired.resolve("again-pairs-0-1.png"), TestRecords.pair(2));
        tandem("replay-dead-letters", "--repaired", repaired.toString(), "--json");
        // A second time nothing is left to replay.
        tandem("replay-dead-letters", "--repaired", repaired.toString(), "--json");

        Files.write(repaired.resolve("again-pairs-0-2.png"), TestRecords.pair(3));
        tandem("replay-dead-letters", "--reason", "NOT_FINITE", "--json");
        // A dead letter that was skipped can be replayed later.
        tandem("replay-dead-letters", "--repaired", repaired.toString(), "--json");

        List<ConsumerRecord<byte[], byte[]>> pairs = kafka.consumeAll("again-pairs");
        assertThat(pairs).hasSize(6);
        assertThat(pairs.get(5).value()).isEqualTo(TestRecords.pair(3));
        assertIsReplayOfFirstDeadLetter(pairs.get(4));
        assertThat(run.stopAfterPairs(4).complete().pairsTrained()).isEqualTo(4);
    }

    private static void produceTwoInvalidPairs() {
        kafka.produce(Stream.of(
                        pair("good", TestRecords.pair(0)),
                        pair("spoilt", "spoilt".getBytes(UTF_8)),
                        pair("lost", "lost".getBytes(UTF_8)),
                        pair("good", TestRecords.pair(1)))
                .toList());
    }

    private static ProducerRecord<byte[], byte[]> pair(String key, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("again-pairs", key.getBytes(UTF_8), value);
        record.headers().add("mine", "kept".getBytes(UTF_8));
        return record;
    }

    private static void assertIsReplayOfFirstDeadLetter(ConsumerRecord<byte[], byte[]> replayed) {
        assertThat(replayed.value()).isEqualTo(TestRecords.pair(2));
        assertThat(new String(replayed.key(), UTF_8)).isEqualTo("spoilt");
        assertThat(Records.header(replayed, "tandem-replay-of")).hasValue("again-pairs-0-1");
        assertThat(Records.header(replayed, "mine")).hasValue("kept");
        assertThat(Records.header(replayed, "tandem-reason")).isEmpty();
    }

    @Test
    void replay_severalDeadLettersOfARecord_putsItBackOnceAndReportsTheDuplicates() {
        kafka.admin().createTopic("double-pairs", 1);
        kafka.produce(List.of(
                deadLetter("double-dead", "double-pairs-0-7"),
                deadLetter("double-dead", "double-pairs-0-8"),
                deadLetter("double-dead", "double-pairs-0-7")));

        JsonNode first = replay("double");
        kafka.produce(List.of(deadLetter("double-dead", "double-pairs-0-8")));
        JsonNode second = replay("double");
        // The replayed record failed again: its dead letter has another origin.
        kafka.produce(List.of(deadLetter("double-dead", "double-pairs-0-9")));
        JsonNode third = replay("double");

        assertThat(counts(first)).isEqualTo("2 1 0");
        assertThat(counts(second)).isEqualTo("0 1 0");
        assertThat(counts(third)).isEqualTo("1 0 0");
        assertThat(kafka.consumeAll("double-pairs"))
                .extracting(pair -> Records.header(pair, "tandem-replay-of").orElseThrow())
                .containsExactly("double-pairs-0-7", "double-pairs-0-8", "double-pairs-0-9");
        assertThat(kafka.consumeAll("double-pairs"))
                .as("the key was added to the dead letter")
                .allSatisfy(pair -> assertThat(pair.key()).isNull());
    }

    /** Earlier versions wrote receipts without the origin. */
    @Test
    void replay_receiptOfAnEarlierVersion_protectsTheOtherDeadLettersOfTheRecord() {
        kafka.admin().createTopic("older-pairs", 1);
        ProducerRecord<byte[], byte[]> receipt = new ProducerRecord<>("older-dead", "key".getBytes(UTF_8), null);
        receipt.headers().add("tandem-replayed", "older-dead-0-0".getBytes(UTF_8));
        kafka.produce(List.of(
                deadLetter("older-dead", "older-pairs-0-7"), receipt, deadLetter("older-dead", "older-pairs-0-7")));

        assertThat(counts(replay("older"))).isEqualTo("0 1 0");
        assertThat(kafka.consumeAll("older-pairs")).isEmpty();
    }

    @Test
    void replay_recordLargerThanTheTopicAccepts_isSkippedWithTheLimit() {
        kafka.admin().createTopic("limit-pairs", 1, Map.of("max.message.bytes", "300"));
        kafka.admin().createTopic("limit-sources", 1);
        kafka.produce(
                List.of(deadLetter("limit-dead", "limit-pairs-0-1"), deadLetter("limit-dead", "limit-sources-0-2")));

        try (TandemProcess replay = TandemProcess.run(arguments("limit", "replay-dead-letters", "--json"))) {
            replay.assertSuccess();
            assertThat(replay.err())
                    .contains("limit-dead-0-0 is skipped: the record has ", "topic limit-pairs accepts at most 300");
            assertThat(counts(replay.json())).isEqualTo("1 0 1");
        }
        assertThat(kafka.consumeAll("limit-sources")).hasSize(1);
    }

    private static ProducerRecord<byte[], byte[]> deadLetter(String topic, String origin) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, origin.getBytes(UTF_8), TestRecords.pair(0));
        record.headers().add("tandem-origin", origin.getBytes(UTF_8));
        record.headers().add("tandem-reason", "TOO_MANY_PIXELS".getBytes(UTF_8));
        return record;
    }

    private JsonNode replay(String name) {
        try (TandemProcess replay = TandemProcess.run(arguments(name, "replay-dead-letters", "--json"))) {
            replay.assertSuccess();
            return replay.json();
        }
    }

    private static String counts(JsonNode json) {
        return json.path("replayed") + " " + json.path("duplicates") + " " + json.path("passedOver");
    }

    @Test
    void replay_openTransactionInTheTopic_waitsForItAndReplaysNothingTwice() {
        ProducerRecord<byte[], byte[]> deadLetter = new ProducerRecord<>("open-dead", TestRecords.pair(0));
        deadLetter.headers().add("tandem-origin", "open-pairs-0-7".getBytes(UTF_8));
        kafka.produce(List.of(deadLetter));
        kafka.admin().createTopic("open-pairs", 1);
        String[] arguments = arguments("open", "replay-dead-letters", "--json");
        try (KafkaProducer<byte[], byte[]> other = kafka.transactionalProducer("somebody")) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>("open-dead", new byte[1]));
            other.flush();
            try (TandemProcess first = TandemProcess.start(List.of(arguments))) {
                assertThat(first.exitsWithin(Duration.ofSeconds(6)))
                        .as(first.err())
                        .isFalse();
                other.abortTransaction();
                first.assertSuccess();
                assertThat(first.json().path("replayed").asInt()).isEqualTo(1);
            }
        }

        try (TandemProcess second = TandemProcess.run(arguments)) {
            assertThat(second.json().path("replayed").asInt()).as(second.err()).isZero();
        }
        assertThat(kafka.consumeAll("open-pairs")).hasSize(1);
    }

    @Test
    void replay_originInATopicThatTheRunDoesNotRead_isSkipped() {
        ProducerRecord<byte[], byte[]> forged = new ProducerRecord<>("forged-dead", TestRecords.pair(0));
        forged.headers().add("tandem-origin", "somebody-elses-0-1".getBytes(UTF_8));
        kafka.produce(List.of(forged, new ProducerRecord<>("somebody-elses", new byte[1])));

        try (TandemProcess replay = TandemProcess.run(arguments("forged", "replay-dead-letters", "--json"))) {
            replay.assertSuccess();
            assertThat(replay.err())
                    .contains("forged-dead-0-0 is skipped: its origin somebody-elses-0-1 is not in topic");
            assertThat(replay.json().path("replayed").asInt()).isZero();
        }
        assertThat(kafka.consumeAll("somebody-elses")).hasSize(1);
    }

    @Test
    void replay_topicMissing_failsInOneLine() {
        try (TandemProcess replay = TandemProcess.run(arguments("missing", "replay-dead-letters"))) {
            assertThat(replay.exitCode()).isEqualTo(1);
            assertThat(replay.err()).contains("there is no topic missing-dead").doesNotContain("\tat ");
        }
    }

    private void tandem(String command, String... options) {
        try (TandemProcess process = TandemProcess.run(arguments("again", command, options))) {
            process.assertSuccess();
        }
    }

    private String[] arguments(String name, String command, String... options) {
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
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }
}
