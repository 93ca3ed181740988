package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Output topics that reject records because of their own settings. Both streams continue. */
class RejectedRecordsIT extends BrokerTest {
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

    @Test
    void run_compactedOutputs_translatesRequestsWithKeyAndTrainsOnValidPairs() {
        kafka.admin().createTopic("compact-translations", 1, COMPACTED);
        kafka.admin().createTopic("compact-dead", 1, COMPACTED);
        ProducerRecord<byte[], byte[]> invalidPair = new ProducerRecord<>("compact-pairs", "no image".getBytes(UTF_8));
        kafka.produce(Stream.concat(Stream.of(invalidPair), TestRecords.pairs("compact-pairs", 8).stream())
                .toList());
        kafka.produce(List.of(
                request("compact-sources", "first"),
                new ProducerRecord<>("compact-sources", TestRecords.source()),
                request("compact-sources", "second"),
                new ProducerRecord<>("compact-sources", "no image".getBytes(UTF_8)),
                request("compact-sources", "third")));

        try (TandemProcess run =
                runs.run("compact").set("translate.samples=1").stopAfterPairs(9).start()) {
            List<ConsumerRecord<byte[], byte[]>> translations = kafka.consume("compact-translations", 3);
            List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.consume("compact-dead", 3);

            assertThat(translations)
                    .extracting(translation -> new String(translation.key(), UTF_8))
                    .containsExactly("first", "second", "third");
            assertThat(deadLetters)
                    .as("a dead letter without key has its origin as key")
                    .allSatisfy(deadLetter ->
                            assertThat(new String(deadLetter.key(), UTF_8)).isEqualTo(OutputRecords.origin(deadLetter)))
                    .extracting(deadLetter -> OutputRecords.origin(deadLetter) + " " + OutputRecords.reason(deadLetter))
                    .containsExactlyInAnyOrder(
                            "compact-pairs-0-0 NOT_AN_IMAGE",
                            "compact-sources-0-1 REFUSED_BY_TOPIC",
                            "compact-sources-0-3 NOT_AN_IMAGE");
            assertThat(deadLetters)
                    .anySatisfy(deadLetter -> assertThat(
                                    Records.header(deadLetter, "tandem-error").orElseThrow())
                            .contains(
                                    "the topic compact-translations refuses",
                                    "without key",
                                    "send requests with a key"));
            assertThat(run.err())
                    .contains("the topic compact-translations is compacted", "the topic compact-dead is compacted")
                    .containsOnlyOnce("model ready")
                    .doesNotContain("error state", "ERROR", "\tat ");
            // The ninth pair completes the run.
            kafka.produce(TestRecords.pairs("compact-pairs", 1));
            List<String> valid = TestRecords.origins("compact-pairs", 10).subList(1, 10);
            new ExactlyOnce(valid, RunResult.of(run).auditTrail().records()).verify();
        }
    }

    @Test
    void run_deadLetterTopicAcceptsOnlySmallRecords_dropsTheValuesAndContinues() {
        kafka.admin().createTopic("small-dead", 1, Map.of("max.message.bytes", "700"));
        byte[] large = "no image ".repeat(1000).getBytes(UTF_8);
        kafka.produce(Stream.concat(
                        Stream.of(new ProducerRecord<byte[], byte[]>("small-pairs", large)),
                        TestRecords.pairs("small-pairs", 4).stream())
                .toList());
        kafka.produce(List.of(new ProducerRecord<>("small-sources", large), request("small-sources", "valid")));

        try (TandemProcess run =
                runs.run("small").set("translate.samples=1").stopAfterPairs(5).start()) {
            assertThat(kafka.consume("small-dead", 2)).allSatisfy(deadLetter -> {
                assertThat(deadLetter.value()).isNull();
                assertThat(Records.header(deadLetter, "tandem-dropped-value")).hasValue("9000");
            });
            assertThat(kafka.consume("small-translations", 1)).hasSize(1);
            kafka.produce(TestRecords.pairs("small-pairs", 1));
            assertThat(RunResult.of(run).pairsTrained()).isEqualTo(5);
        }
    }

    @Test
    void run_deadLetterTopicAcceptsNothing_endsInOneLineThatNamesRecordAndCause() {
        kafka.admin().createTopic("closed-dead", 1, Map.of("max.message.bytes", "100"));
        kafka.produce(List.of(new ProducerRecord<>("closed-sources", "no image".getBytes(UTF_8))));

        try (TandemProcess run = runs.run("closed", "translate").start()) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("rejects even the smallest dead letter of closed-sources-0-0: ")
                    .doesNotContain("\tat ");
        }
    }

    private static ProducerRecord<byte[], byte[]> request(String topic, String key) {
        return new ProducerRecord<>(topic, key.getBytes(UTF_8), TestRecords.source());
    }
}
