package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.guarantee.BoundedMemory;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.invalid.Corpus;
import dev.tandem.testkit.invalid.Fuzz;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is sent ends as trained, translated or a dead letter with a reason, once, in bounded memory. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PoisonIT extends WithBroker {
    private static final int FUZZED_PAIRS = 4_000;
    private static final int FUZZED_SOURCES = 6_000;
    /** All of it touched at start, so that only growth outside of it shows. */
    private static final String HEAP = "-Xms400m -Xmx400m -XX:+AlwaysPreTouch";

    private static final long MOST_MEMORY = 1300L << 20;

    private final long seed = System.nanoTime();
    private final HttpGet http = new HttpGet(BrokerProcess.freePort());

    @Test
    void run_corpusOfPictures_takesWhatIsUsableAndSaysOfTheRestWhy() {
        Map<String, byte[]> usable = Corpus.usable();
        Map<String, byte[]> unusable = Corpus.unusable();
        broker.produce(Stream.of(usable, unusable, usable)
                .flatMap(part -> part.entrySet().stream())
                .map(each -> new ProducerRecord<>("corpus-pairs", each.getKey().getBytes(UTF_8), each.getValue()))
                .toList());
        String[] limit = {"--stop-after-pairs", Integer.toString(2 * usable.size())};

        try (TandemProcess run = TandemProcess.start(runs.arguments("corpus", options(limit)), HEAP)) {
            assertThat(run.exitCode()).as(run.err()).isZero();
        }

        List<ConsumerRecord<byte[], byte[]>> letters = broker.consumeAll("corpus-dead");
        Map<String, String> reasons = new TreeMap<>();
        letters.forEach(letter -> reasons.put(
                new String(letter.key(), UTF_8),
                Records.header(letter, "tandem-reason").orElseThrow()));
        System.out.println("corpus: " + reasons);
        assertThat(reasons).containsOnlyKeys(unusable.keySet()).hasSize(letters.size());
        letters.forEach(
                letter -> assertThat(Records.value(letter)).isEqualTo(unusable.get(new String(letter.key(), UTF_8))));
        assertThat(reasons)
                .containsEntry("nothing", "EMPTY")
                .containsEntry("text", "NOT_AN_IMAGE")
                .containsEntry("png, cut off", "DAMAGED_IMAGE")
                .containsEntry("png, 60,000 by 60,000 by its header", "TOO_MANY_PIXELS")
                .containsEntry("png, 1 by 2,000", "WRONG_ASPECT")
                .containsEntry("bmp, 30 MB of noise", "TOO_MANY_PIXELS");
    }

    @Test
    void run_farMoreUnusableBytesInARowThanThereIsHeap_goesOn() {
        byte[] useless = new byte[2 << 20];
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 260; i++) {
            records.add(new ProducerRecord<>("flood-pairs", useless));
        }
        records.add(new ProducerRecord<>("flood-pairs", Runs.pair(0)));
        broker.produce(records);

        try (TandemProcess run =
                TandemProcess.start(runs.arguments("flood", options("--stop-after-pairs", "1")), HEAP)) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().path("deadLetters").asInt()).isEqualTo(260);
        }
    }

    @Test
    void run_tenThousandFuzzedRecords_accountsForEveryOne() {
        Fuzz fuzz = new Fuzz(seed, List.copyOf(Corpus.usable().values()));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        IntStream.range(0, FUZZED_PAIRS).forEach(i -> records.add(fuzz.record("fuzz-pairs")));
        // What is unusable goes with the pair behind it.
        records.add(new ProducerRecord<>("fuzz-pairs", Runs.pair(0)));
        IntStream.range(0, FUZZED_SOURCES).forEach(i -> records.add(fuzz.record("fuzz-sources")));
        List<Long> memory = new ArrayList<>();
        try (TandemProcess run = TandemProcess.start(
                runs.arguments(
                        "fuzz",
                        options(
                                "--roles",
                                "train,translate,http",
                                "--set",
                                // Of a pair too something can be made.
                                "images.max-distortion=2.5")),
                HEAP)) {
            await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200);
            broker.produce(records);
            await().atMost(Duration.ofMinutes(6))
                    .pollInterval(Duration.ofMillis(500))
                    .alias("seed " + seed + ": all read")
                    .until(() -> {
                        assertThat(run.isAlive()).as("seed " + seed + run.err()).isTrue();
                        memory.add(run.residentBytes());
                        return isAllRead();
                    });
            run.terminate();
            assertThat(run.exitCode()).as(run.err()).isZero();
            verify(run);
            new BoundedMemory(memory.subList(memory.size() / 3, memory.size()), 0.1, MOST_MEMORY).verify();
        }
    }

    private boolean isAllRead() {
        double trained = http.metric("tandem_training_pairs");
        return trained + http.metric("tandem_dead_letters_total") > FUZZED_PAIRS && http.metric("tandem_lag") == 0;
    }

    private void verify(TandemProcess run) {
        List<ConsumerRecord<byte[], byte[]>> letters = broker.consumeAll("fuzz-dead");
        List<String> lettered = letters.stream()
                .map(letter -> Records.header(letter, "tandem-origin").orElseThrow())
                .toList();
        List<String> trained =
                AuditTrail.of(Path.of(run.json().path("checkpoint").asText())).records();
        List<ConsumerRecord<byte[], byte[]>> translations = broker.consumeAll("fuzz-translations");
        new ExactlyOnce(
                        translations.stream()
                                .flatMap(PoisonIT::allSamples)
                                .distinct()
                                .toList(),
                        translations.stream().map(PoisonIT::sample).toList())
                .verify();
        List<String> translated =
                translations.stream().map(PoisonIT::source).distinct().toList();
        Map<String, Long> reasons = letters.stream()
                .collect(groupingBy(
                        letter -> Records.header(letter, "tandem-reason").orElseThrow(),
                        TreeMap::new,
                        Collectors.counting()));
        System.out.println("fuzz, seed " + seed + ": " + trained.size() + " trained, " + translated.size()
                + " translated, dead letters " + reasons);
        List<String> all = Stream.concat(
                        IntStream.rangeClosed(0, FUZZED_PAIRS).mapToObj(i -> "fuzz-pairs-0-" + i),
                        IntStream.range(0, FUZZED_SOURCES).mapToObj(i -> "fuzz-sources-0-" + i))
                .toList();
        List<String> ended =
                Stream.of(trained, translated, lettered).flatMap(List::stream).toList();
        new ExactlyOnce(all, ended).verify();
        assertThat(trained).isNotEmpty();
        assertThat(translated).isNotEmpty();
        assertThat(run.err()).doesNotContain("\tat ").containsOnlyOnce("model ready");
    }

    /** All that its request has, by what one of them says. */
    private static Stream<String> allSamples(ConsumerRecord<byte[], byte[]> translation) {
        int of = Integer.parseInt(
                Records.header(translation, "tandem-sample").orElseThrow().replaceFirst(".*/", ""));
        return IntStream.rangeClosed(1, of).mapToObj(i -> source(translation) + " " + i + "/" + of);
    }

    private static String sample(ConsumerRecord<byte[], byte[]> translation) {
        return source(translation) + " "
                + Records.header(translation, "tandem-sample").orElseThrow();
    }

    private static String source(ConsumerRecord<byte[], byte[]> translation) {
        return Records.header(translation, "tandem-source").orElseThrow();
    }

    private List<String> options(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--set",
                "http.port=" + http.port(),
                "--set",
                "topics.max-message-bytes=40 MiB",
                "--set",
                "images.max-bytes=40 MiB",
                "--set",
                "images.max-pixels=4000000",
                "--set",
                "translate.samples=1",
                "--set",
                "translate.max-samples=4",
                "--set",
                "train.batch-size=1",
                "--set",
                "train.split-batch=false",
                "--set",
                "health.probe-every=0",
                "--set",
                "checkpoint.every-steps=2000"));
        options.addAll(List.of(more));
        return options;
    }
}
