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
import dev.tandem.testkit.stream.TestRun;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics that accept only small records, and topics that get another partition. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TopicConfigurationIT extends BrokerTest {
    private static final int SAMPLES = 2;
    private static final int REQUESTS = 6;
    private static final int PAIRS = 8;

    @Test
    void run_outputTopicsAcceptLessThanTheSettingsSay_deadLettersEveryRequestOnceWithoutItsValue() {
        Map<String, String> small = Map.of("max.message.bytes", "1000");
        kafka.admin().createTopic("small-translations", 1, small);
        kafka.admin().createTopic("small-dead", 1, small);
        // Untrained, preset paper makes images of noise; those of preset tandem are almost even, and so small that they
        // fit.
        try (TandemProcess run =
                run("small").set("model.preset=paper").stopAfterPairs(PAIRS).start()) {
            kafka.produce(IntStream.range(0, REQUESTS)
                    .mapToObj(i -> request("small", "key " + i))
                    .toList());
            List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.consume("small-dead", REQUESTS);
            kafka.produce(TestRecords.pairs("small-pairs", PAIRS));

            RunResult result = RunResult.of(run);

            new ExactlyOnce(
                            origins("small-sources-0", REQUESTS),
                            kafka.consumeAll("small-dead").stream()
                                    .map(OutputRecords::origin)
                                    .toList())
                    .verify();
            assertThat(deadLetters).extracting(OutputRecords::reason).containsOnly("ANSWER_TOO_LARGE");
            assertThat(kafka.consumeAll("small-translations")).isEmpty();
            new ExactlyOnce(origins("small-pairs-0", PAIRS), result.auditTrail().records()).verify();
        }
    }

    @Test
    void run_topicsGetAnotherPartition_readsItFromItsStartWithoutAnError() {
        kafka.admin().createTopic("grown-translations", 1);
        try (TandemProcess run = run("grown").stopAfterPairs(3 * PAIRS).start()) {
            kafka.produce(TestRecords.pairs("grown-pairs", PAIRS));
            kafka.produce(requests("grown", 0));
            kafka.consume("grown-translations", REQUESTS * SAMPLES);
            kafka.admin().addPartitions("grown-sources", 2);
            kafka.produce(requests("grown", 1));
            kafka.consume("grown-translations", 2 * REQUESTS * SAMPLES);
            kafka.admin().addPartitions("grown-pairs", 2);
            kafka.produce(IntStream.range(0, 2 * PAIRS)
                    .mapToObj(i -> new ProducerRecord<byte[], byte[]>("grown-pairs", 1, null, TestRecords.pair(i)))
                    .toList());

            RunResult result = RunResult.of(run);

            List<String> pairs = Stream.concat(
                            origins("grown-pairs-0", PAIRS).stream(), origins("grown-pairs-1", 2 * PAIRS).stream())
                    .toList();
            new ExactlyOnce(pairs, result.auditTrail().records()).verify();
            verifyTranslations(
                    "grown", kafka.consumeAll("grown-sources").stream().map(Records::origin));
            assertThat(run.err())
                    .containsOnlyOnce(
                            "INFO  the topic grown-sources has 2 partitions instead of 1; the streams restart")
                    .containsOnlyOnce("INFO  the topic grown-pairs has 2 partitions instead of 1; the streams restart")
                    .doesNotContain("ERROR")
                    .doesNotContain("WARN");
        }
    }

    private TestRun run(String name) {
        return runs.run(name).set("translate.samples=" + SAMPLES, "topics.watch-every=500 milliseconds");
    }

    private static ProducerRecord<byte[], byte[]> request(String run, String key) {
        return new ProducerRecord<>(run + "-sources", key.getBytes(UTF_8), TestRecords.source());
    }

    private static List<ProducerRecord<byte[], byte[]>> requests(String run, int partition) {
        return IntStream.range(0, REQUESTS)
                .mapToObj(i ->
                        new ProducerRecord<byte[], byte[]>(run + "-sources", partition, null, TestRecords.source()))
                .toList();
    }

    private static List<String> origins(String partition, int count) {
        return IntStream.range(0, count)
                .mapToObj(offset -> partition + "-" + offset)
                .toList();
    }

    private static void verifyTranslations(String run, Stream<String> requests) {
        List<String> expected = requests.flatMap(origin -> OutputRecords.sampleIds(origin, SAMPLES))
                .toList();
        List<String> actual = kafka.consumeAll(run + "-translations").stream()
                .map(OutputRecords::sampleId)
                .toList();
        new ExactlyOnce(expected, actual).verify();
    }
}
