package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.guarantee.BoundedMemory;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.invalid.RecordFuzzer;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Every record is trained on, translated, or a dead letter with a reason, exactly once and in bounded memory. */
class InvalidRecordsIT extends BrokerTest {
    private static final int FUZZED_PAIRS = 4_000;
    private static final int FUZZED_SOURCES = 6_000;
    private static final int LARGE_RECORDS = 260;
    /** The JVM touches the whole heap at start, so RSS grows only by memory outside the heap. */
    private static final String SMALL_HEAP = "-Xms400m -Xmx400m -XX:+AlwaysPreTouch";

    private static final long MAX_MEMORY = 1300L << 20;

    private final long seed = System.nanoTime();
    private final HttpTestClient http = HttpTestClient.onFreePort();

    @Test
    void run_corpusOfImages_trainsOnValidOnesAndGivesAReasonForEachInvalidOne() {
        Map<String, byte[]> valid = ImageCorpus.valid();
        Map<String, byte[]> invalid = ImageCorpus.invalid();
        kafka.produce(Stream.of(valid, invalid, valid)
                .flatMap(part -> part.entrySet().stream())
                .map(image ->
                        new ProducerRecord<>("corpus-pairs", image.getKey().getBytes(UTF_8), image.getValue()))
                .toList());

        run("corpus").stopAfterPairs(2 * valid.size()).complete();

        List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.consumeAll("corpus-dead");
        Map<String, String> reasons = new TreeMap<>();
        deadLetters.forEach(deadLetter -> reasons.put(key(deadLetter), OutputRecords.reason(deadLetter)));
        System.out.println("corpus: " + reasons);
        assertThat(reasons).containsOnlyKeys(invalid.keySet()).hasSize(deadLetters.size());
        deadLetters.forEach(
                deadLetter -> assertThat(Records.value(deadLetter)).isEqualTo(invalid.get(key(deadLetter))));
        assertThat(reasons)
                .containsEntry("nothing", "EMPTY")
                .containsEntry("text", "NOT_AN_IMAGE")
                .containsEntry("png, cut off", "DAMAGED_IMAGE")
                .containsEntry("png, 60,000 by 60,000 by its header", "TOO_MANY_PIXELS")
                .containsEntry("png, 1 by 2,000", "WRONG_ASPECT")
                .containsEntry("bmp, 30 MB of noise", "TOO_MANY_PIXELS");
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8);
    }

    @Test
    void run_moreInvalidBytesInARowThanHeap_reachesThePairAfterThem() {
        byte[] notAnImage = new byte[2 << 20];
        List<ProducerRecord<byte[], byte[]>> records =
                new ArrayList<>(Collections.nCopies(LARGE_RECORDS, new ProducerRecord<>("flood-pairs", notAnImage)));
        records.add(new ProducerRecord<>("flood-pairs", TestRecords.pair(0)));
        kafka.produce(records);

        RunResult result = run("flood").stopAfterPairs(1).complete();

        assertThat(result.deadLetters()).isEqualTo(LARGE_RECORDS);
    }

    @Test
    void run_tenThousandFuzzedRecords_accountsForEveryOne() {
        List<ProducerRecord<byte[], byte[]>> records = fuzzedRecords();
        List<Long> memory = new ArrayList<>();
        // With this limit even a pair can be translated.
        try (TandemProcess run = run("fuzz").set("images.max-distortion=2.5").start()) {
            http.awaitReady(run);
            kafka.produce(records);
            // The time limit of the method ends a hang.
            await().forever()
                    .pollInterval(Duration.ofMillis(500))
                    .alias("seed " + seed + ": the run has read all records")
                    .until(() -> {
                        assertThat(run.isAlive()).as("seed " + seed + run.err()).isTrue();
                        memory.add(run.residentBytes());
                        return hasReadAll();
                    });
            run.terminate();
            verifyEveryRecord(RunResult.of(run));
            assertThat(run.err()).doesNotContain("\tat ").containsOnlyOnce("model ready");
            new BoundedMemory(memory.subList(memory.size() / 3, memory.size()), 0.1, MAX_MEMORY).verify();
        }
    }

    private List<ProducerRecord<byte[], byte[]>> fuzzedRecords() {
        RecordFuzzer fuzzer =
                new RecordFuzzer(seed, List.copyOf(ImageCorpus.valid().values()));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        IntStream.range(0, FUZZED_PAIRS).forEach(i -> records.add(fuzzer.record("fuzz-pairs")));
        // Invalid records become dead letters together with the next valid pair, so the last one must be valid.
        records.add(new ProducerRecord<>("fuzz-pairs", TestRecords.pair(0)));
        IntStream.range(0, FUZZED_SOURCES).forEach(i -> records.add(fuzzer.record("fuzz-sources")));
        return records;
    }

    private boolean hasReadAll() {
        double trained = http.metric("tandem_training_pairs");
        return trained + http.metric("tandem_dead_letters_total") > FUZZED_PAIRS && http.metric("tandem_lag") == 0;
    }

    private void verifyEveryRecord(RunResult result) {
        List<String> trained = result.auditTrail().records();
        List<String> translated = verifySamples(kafka.consumeAll("fuzz-translations"));
        List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.consumeAll("fuzz-dead");
        Map<String, Long> reasons =
                deadLetters.stream().collect(groupingBy(OutputRecords::reason, TreeMap::new, counting()));
        System.out.println("fuzz, seed " + seed + ": " + trained.size() + " trained, " + translated.size()
                + " translated, dead letters " + reasons);
        List<String> in = new ArrayList<>(TestRecords.origins("fuzz-pairs", FUZZED_PAIRS + 1));
        in.addAll(TestRecords.origins("fuzz-sources", FUZZED_SOURCES));
        List<String> out = new ArrayList<>(trained);
        out.addAll(translated);
        out.addAll(deadLetters.stream().map(OutputRecords::origin).toList());
        new ExactlyOnce(in, out).verify();
        assertThat(trained).isNotEmpty();
        assertThat(translated).isNotEmpty();
    }

    /** Verifies that each translated request has all its samples once, and returns these requests. */
    private static List<String> verifySamples(List<ConsumerRecord<byte[], byte[]>> translations) {
        new ExactlyOnce(
                        translations.stream()
                                .flatMap(InvalidRecordsIT::allSamplesOfItsRequest)
                                .distinct()
                                .toList(),
                        translations.stream().map(OutputRecords::sampleId).toList())
                .verify();
        return translations.stream().map(OutputRecords::source).distinct().toList();
    }

    /** The header {@code tandem-sample} of one translation says how many its request has: {@code 1/4}. */
    private static Stream<String> allSamplesOfItsRequest(ConsumerRecord<byte[], byte[]> translation) {
        int samples = Integer.parseInt(
                Records.header(translation, "tandem-sample").orElseThrow().replaceFirst(".*/", ""));
        return OutputRecords.sampleIds(OutputRecords.source(translation), samples);
    }

    private TestRun run(String name) {
        return runs.runWithHttp(name, http.port())
                .withJavaOptions(SMALL_HEAP)
                .set(
                        "topics.max-message-bytes=40 MiB",
                        "images.max-bytes=40 MiB",
                        "images.max-pixels=4000000",
                        "translate.samples=1",
                        "translate.max-samples=4",
                        "train.batch-size=1",
                        "train.split-batch=false",
                        "health.probe-every=0",
                        "checkpoint.every-steps=2000");
    }
}
