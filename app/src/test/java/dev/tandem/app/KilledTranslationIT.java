package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.guarantee.OrderPerKey;
import dev.tandem.testkit.guarantee.OrderPerKey.Item;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Translating while the application is killed, the broker is killed, and members come, hang and go. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledTranslationIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SAMPLES = 2;
    private static final int PORTION = 60;
    private static final int KEYS = 12;
    /** Every so many requests one is no picture. */
    private static final int UNREADABLE = 17;

    private static final int PARTITIONS = 4;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> faults = new ArrayList<>();
    private final int port = BrokerProcess.freePort();
    private int requested;
    /** Translations of all that is requested. */
    private int owed;

    @TempDir
    private Path folder;

    private BrokerProcess broker;
    private Runs runs;

    @BeforeEach
    void startBroker() {
        broker = BrokerProcess.start(folder.resolve("broker"), port);
        runs = new Runs(broker, folder);
        broker.createTopic("once-sources", PARTITIONS);
        broker.createTopic("once-translations", 1);
    }

    @Test
    void run_killedHungAndJoinedByOthers_translatesEveryRequestExactlyOnceAndInOrder() {
        for (int i = 0; i < 3; i++) {
            try (TandemProcess run = learner()) {
                inTheMiddle("SIGKILL of the application", run::kill);
            }
        }
        try (TandemProcess run = learner()) {
            inTheMiddle("SIGKILL and restart of the broker", this::killBroker);
            try (TandemProcess second = translator("second")) {
                inTheMiddle("a second member joins", () -> second.awaitErr("model ready"));
                inTheMiddle("the second member ends in good order", () -> terminate(second));
            }
            try (TandemProcess third = translator("third")) {
                inTheMiddle("a third member joins", () -> third.awaitErr("model ready"));
                inTheMiddle("the third member holds still beyond its session, and wakes up", () -> {
                    third.suspend();
                    request();
                    awaitTranslations(owed);
                    third.resume();
                });
                inTheMiddle("SIGKILL of the third member", third::kill);
            }
            inTheMiddle("the broker holds still", () -> {
                broker.suspend();
                assertThat(run.endsWithin(Duration.ofSeconds(8))).isFalse();
                broker.resume();
            });
            awaitTranslations(owed);
            terminate(run);
        }
        verify();
        broker.close();
    }

    private void verify() {
        assertThat(faults)
                .as("faults in the middle of work")
                .filteredOn(fault -> !fault.contains("with 0 outstanding"))
                .hasSizeGreaterThanOrEqualTo(faults.size() - 3);
        await().atMost(PATIENCE)
                .alias("no transaction is undecided")
                .until(() -> broker.end("once-translations", true) == broker.end("once-translations", false));
        List<ConsumerRecord<byte[], byte[]>> translations = broker.consumeAll("once-translations");
        int withAborted = broker.consumeUncommitted("once-translations").size();
        String story = "seed " + seed + ", " + requested + " requests, " + translations.size() + " translations, "
                + (withAborted - translations.size()) + " more in transactions that were taken back; " + faults;
        System.out.println("killed translations, " + story);
        List<ConsumerRecord<byte[], byte[]>> letters = broker.consumeAll("once-dead");
        System.out.println(letters.size() + " of the requests were dead letters");
        assertThat(withAborted).as("some transactions were taken back").isGreaterThan(translations.size());
        List<ConsumerRecord<byte[], byte[]>> requests = broker.consumeAll("once-sources");
        assertThat(requests).hasSize(requested);
        new ExactlyOnce(
                        requests.stream().flatMap(KilledTranslationIT::answers).toList(),
                        Stream.concat(
                                        translations.stream().map(KilledTranslationIT::identity),
                                        letters.stream()
                                                .map(letter -> Records.header(letter, "tandem-origin")
                                                        .orElseThrow()))
                                .toList())
                .verify();
        new OrderPerKey(translations.stream().map(KilledTranslationIT::item).toList()).verify();
    }

    /** What a request is owed. */
    private static Stream<String> answers(ConsumerRecord<byte[], byte[]> request) {
        return Records.value(request).length == 0
                ? Stream.of(Records.origin(request))
                : IntStream.rangeClosed(1, SAMPLES)
                        .mapToObj(sample -> Records.origin(request) + " " + sample + "/" + SAMPLES);
    }

    private static String identity(ConsumerRecord<byte[], byte[]> translation) {
        return Records.header(translation, "tandem-source").orElseThrow() + " "
                + Records.header(translation, "tandem-sample").orElseThrow();
    }

    private static Item item(ConsumerRecord<byte[], byte[]> translation) {
        String source = Records.header(translation, "tandem-source").orElseThrow();
        return new Item(new String(translation.key(), UTF_8), Long.parseLong(source.replaceFirst(".*-", "")));
    }

    /** Asks for a portion more, and when some of it has been answered, lets it happen. */
    private void inTheMiddle(String what, Runnable fault) {
        int before = translations();
        request();
        int after = before + 1 + random.nextInt(PORTION * SAMPLES / 4);
        awaitTranslations(after);
        int outstanding = owed - translations();
        faults.add(what + " with " + outstanding + " outstanding");
        fault.run();
    }

    private void request() {
        List<ProducerRecord<byte[], byte[]>> portion = IntStream.range(requested, requested + PORTION)
                .mapToObj(i -> new ProducerRecord<>(
                        "once-sources",
                        ("key " + i % KEYS).getBytes(UTF_8),
                        i % UNREADABLE == 0 ? new byte[0] : Runs.source()))
                .toList();
        broker.produce(portion);
        requested += PORTION;
        owed += SAMPLES
                * (int) portion.stream()
                        .filter(request -> request.value().length > 0)
                        .count();
    }

    private int translations() {
        return broker.consumeAll("once-translations").size();
    }

    private void awaitTranslations(int count) {
        await().atMost(PATIENCE)
                .alias("seed " + seed + ": " + count + " translations after " + faults)
                .until(() -> translations() >= count);
    }

    private void killBroker() {
        broker.kill();
        broker = BrokerProcess.start(folder.resolve("broker"), port);
    }

    private static void terminate(TandemProcess run) {
        run.terminate();
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    /** Learns as well, so that the weights change under the requests. */
    private TandemProcess learner() {
        broker.produce(Runs.pairs("once-pairs", 40));
        return runs.start("once", options());
    }

    private TandemProcess translator(String name) {
        String[] options = Stream.concat(
                        Stream.of(options()),
                        Stream.of("--roles", "translate", "--set", "checkpoint.directory=" + folder.resolve(name)))
                .toArray(String[]::new);
        return runs.start("once", options);
    }

    private static String[] options() {
        return new String[] {
            "--set", "translate.samples=" + SAMPLES,
            "--set", "translate.batch-size=4",
            "--set", "kafka.session.timeout.ms=6000",
            "--set", "kafka.heartbeat.interval.ms=500"
        };
    }
}
