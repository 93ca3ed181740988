package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.guarantee.OrderPerKey;
import dev.tandem.testkit.guarantee.OrderPerKey.Item;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerFaultTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Translation while instances are killed, hang, join and leave, and while the broker is killed or hangs. */
class KilledTranslationIT extends BrokerFaultTest {
    private static final int SAMPLES = 2;
    private static final int REQUESTS_PER_FAULT = 60;
    private static final int KEYS = 12;
    /** One of so many requests is not an image. */
    private static final int INVALID_EVERY = 17;

    private static final int PARTITIONS = 4;
    /** An open transaction hides all later records of a topic, even if it wrote to only one of them. */
    private static final List<String> OUTPUTS = List.of("once-translations", "once-dead");

    /** Kills of the application at random moments; one more interrupts a transaction. */
    private static final int RANDOM_KILLS = 2;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> faults = new ArrayList<>();
    private int requests;
    /** The number of translations that all requests so far will get. */
    private int expectedTranslations;

    @BeforeEach
    void createTopics() {
        kafka.admin().createTopic("once-sources", PARTITIONS);
        kafka.admin().createTopic("once-translations", 1);
    }

    @Test
    void run_instancesAndBrokerFail_translatesEveryRequestExactlyOnceAndInOrder() {
        for (int i = 0; i < RANDOM_KILLS; i++) {
            try (TandemProcess run = startFirst()) {
                injectDuringTranslation("SIGKILL of the application", run::kill);
            }
        }
        try (TandemProcess run = startFirst()) {
            injectDuringTranslation("SIGKILL of the application in a transaction", () -> killInTransaction(run));
        }
        try (TandemProcess run = startFirst()) {
            injectDuringTranslation("SIGKILL and restart of the broker", () -> {
                broker.kill();
                startBroker();
            });
            secondInstanceJoinsAndStops();
            thirdInstanceJoinsHangsAndIsKilled();
            injectDuringTranslation("the broker hangs", () -> {
                broker.suspend();
                assertThat(run.exitsWithin(Duration.ofSeconds(8))).isFalse();
                broker.resume();
            });
            awaitTranslations(expectedTranslations);
            // The last requests can be invalid.
            kafka.consume("once-dead", requests - expectedTranslations / SAMPLES);
            terminate(run);
        }
        verifyTransactions();
        verifyOutput();
    }

    /** Suspends the application at moments that do not depend on its work, until it has a transaction open. */
    private void killInTransaction(TandemProcess run) {
        run.suspend();
        while (!kafka.admin().hasOpenTransaction("once-translations")) {
            run.resume();
            if (countTranslations() == expectedTranslations) {
                produceRequests();
            }
            run.suspend();
        }
        run.kill();
    }

    private void secondInstanceJoinsAndStops() {
        try (TandemProcess second = startAnother("second")) {
            injectDuringTranslation("a second instance joins", () -> second.awaitErr("model ready"));
            injectDuringTranslation("the second instance stops gracefully", () -> terminate(second));
        }
    }

    private void thirdInstanceJoinsHangsAndIsKilled() {
        try (TandemProcess third = startAnother("third")) {
            injectDuringTranslation("a third instance joins", () -> third.awaitErr("model ready"));
            injectDuringTranslation("the third instance hangs beyond its session and resumes", () -> {
                third.suspend();
                produceRequests();
                awaitTranslations(expectedTranslations);
                third.resume();
            });
            injectDuringTranslation("SIGKILL of the third instance", third::kill);
        }
    }

    private void verifyTransactions() {
        await().atMost(TIMEOUT)
                .alias("every transaction is committed or aborted")
                .until(() -> OUTPUTS.stream().noneMatch(kafka.admin()::hasOpenTransaction));
        int committed = countTranslations();
        int aborted = kafka.consumeUncommitted("once-translations").size() - committed;
        System.out.println("killed translations, seed " + seed + ", " + requests + " requests, " + committed
                + " translations, " + aborted + " more in aborted transactions; " + faults);
        assertThat(aborted).as("translations in aborted transactions").isPositive();
    }

    private void verifyOutput() {
        List<ConsumerRecord<byte[], byte[]>> translations = kafka.consumeAll("once-translations");
        List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.consumeAll("once-dead");
        System.out.println(deadLetters.size() + " of the requests became dead letters");
        List<ConsumerRecord<byte[], byte[]>> allRequests = kafka.consumeAll("once-sources");
        assertThat(allRequests).hasSize(requests);
        List<String> expected =
                allRequests.stream().flatMap(KilledTranslationIT::expectedIds).toList();
        List<String> actual = Stream.concat(
                        translations.stream().map(OutputRecords::sampleId),
                        deadLetters.stream().map(OutputRecords::origin))
                .toList();
        new ExactlyOnce(expected, actual).verify();
        new OrderPerKey(translations.stream().map(KilledTranslationIT::item).toList()).verify();
    }

    /** The ids of the translations of a request, or of its dead letter if it is invalid. */
    private static Stream<String> expectedIds(ConsumerRecord<byte[], byte[]> request) {
        String origin = Records.origin(request);
        return Records.value(request).length == 0 ? Stream.of(origin) : OutputRecords.sampleIds(origin, SAMPLES);
    }

    /** The key and the offset of the request. All requests of one key are in one partition. */
    private static Item item(ConsumerRecord<byte[], byte[]> translation) {
        String offset = OutputRecords.source(translation).replaceFirst(".*-", "");
        return new Item(new String(translation.key(), UTF_8), Long.parseLong(offset));
    }

    /**
     * Sends requests and injects the fault when a random number of them is translated and others are outstanding. If
     * translation ends before this is noticed, more requests follow.
     */
    private void injectDuringTranslation(String name, Runnable fault) {
        int outstanding = 0;
        while (outstanding == 0) {
            int before = countTranslations();
            produceRequests();
            awaitTranslations(before + 1 + random.nextInt(REQUESTS_PER_FAULT * SAMPLES / 4));
            outstanding = expectedTranslations - countTranslations();
        }
        faults.add(name + " with " + outstanding + " outstanding");
        fault.run();
    }

    private void produceRequests() {
        List<ProducerRecord<byte[], byte[]>> records = IntStream.range(requests, requests + REQUESTS_PER_FAULT)
                .mapToObj(i -> new ProducerRecord<>(
                        "once-sources",
                        ("key " + i % KEYS).getBytes(UTF_8),
                        i % INVALID_EVERY == 0 ? new byte[0] : TestRecords.source()))
                .toList();
        kafka.produce(records);
        requests += REQUESTS_PER_FAULT;
        long valid =
                records.stream().filter(record -> record.value().length > 0).count();
        expectedTranslations += SAMPLES * (int) valid;
    }

    private int countTranslations() {
        return kafka.consumeAll("once-translations").size();
    }

    private void awaitTranslations(int count) {
        await().atMost(TIMEOUT)
                .alias("seed " + seed + ": " + count + " translations after " + faults)
                .until(() -> countTranslations() >= count);
    }

    private static void terminate(TandemProcess run) {
        run.terminate();
        run.assertSuccess();
    }

    /** Starts the first instance with new pairs to train on, so that the weights change between requests. */
    private TandemProcess startFirst() {
        kafka.produce(TestRecords.pairs("once-pairs", 40));
        return command("train,translate").start();
    }

    /** Starts another instance of the same group that only translates, with a checkpoint folder of its own. */
    private TandemProcess startAnother(String name) {
        return command("translate")
                .set("checkpoint.directory=" + folder.resolve(name))
                .start();
    }

    private TestRun command(String roles) {
        return runs.run("once", roles)
                .set(
                        "translate.samples=" + SAMPLES,
                        "translate.batch-size=4",
                        "kafka.session.timeout.ms=6000",
                        "kafka.heartbeat.interval.ms=500");
    }
}
