package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Translation after the offsets of its group were lost, or the records before them. No request is answered twice. */
class LostOffsetsIT extends BrokerTest {
    private static final int REQUESTS = 4;

    @Test
    void run_offsetsExpired_continuesAfterTheLastAnswerInTheOutputTopics() {
        translate("expired", REQUESTS);
        kafka.produce(List.of(new ProducerRecord<>("expired-sources", "not an image".getBytes(UTF_8))));
        awaitDeadLetter("expired");
        loseOffsets("expired");
        produceRequests("expired", 2);

        String log = translateUntil("expired", REQUESTS + 2);

        assertThat(log)
                .contains("the group expired-translate has lost its offset of expired-sources-0: translation skips 5"
                        + " requests and continues at offset 5, with 2 requests to translate");
        verifyTranslations("expired", List.of(0, 1, 2, 3, 5, 6));
        assertThat(kafka.consumeAll("expired-dead")).hasSize(1);
    }

    @Test
    void run_offsetsExpiredAndTranslationsRemoved_continuesAtTheEnd() {
        translate("removed", REQUESTS);
        kafka.admin().deleteAllRecords("removed-translations");
        loseOffsets("removed");
        produceRequests("removed", 2);

        try (TandemProcess run = run("removed").start()) {
            run.awaitErr("translation skips 6 requests and continues at offset 6, with 0 requests to translate");
            produceRequests("removed", 1);
            assertThat(kafka.consume("removed-translations", 1))
                    .extracting(OutputRecords::source)
                    .containsExactly("removed-sources-0-6");
        }
    }

    @Test
    void run_missingOffsetsIsBeginning_translatesAllRequestsAgain() {
        translate("again", 2);
        loseOffsets("again");

        try (TandemProcess run =
                run("again").set("translate.missing-offsets=beginning").start()) {
            assertThat(kafka.consume("again-translations", 4))
                    .as(run.err())
                    .extracting(OutputRecords::source)
                    .containsExactly(
                            "again-sources-0-0", "again-sources-0-1", "again-sources-0-0", "again-sources-0-1");
        }
    }

    @Test
    void run_partitionAddedWhileStopped_isReadFromItsStartWithoutWarning() {
        translate("added", REQUESTS);
        kafka.admin().deleteAllRecords("added-translations");
        kafka.admin().addPartitions("added-sources", 2);
        kafka.produce(List.of(new ProducerRecord<>("added-sources", 1, null, TestRecords.source())));

        try (TandemProcess run = run("added").start()) {
            assertThat(kafka.consume("added-translations", 1))
                    .extracting(OutputRecords::source)
                    .containsExactly("added-sources-1-0");
            assertThat(run.err()).doesNotContain("has lost its offset");
        }
    }

    @Test
    void run_sourcesCreatedAgain_translatesTheNewRequests() {
        translate("renewed", REQUESTS);
        kafka.admin().deleteTopic("renewed-sources");
        produceRequests("renewed", REQUESTS + 2);

        translateUntil("renewed", 2 * REQUESTS + 2);

        assertThat(kafka.consumeAll("renewed-translations"))
                .extracting(OutputRecords::source)
                .containsExactlyElementsOf(Stream.concat(
                                TestRecords.origins("renewed-sources", REQUESTS).stream(),
                                TestRecords.origins("renewed-sources", REQUESTS + 2).stream())
                        .toList());
    }

    @Test
    void run_committedOffsetAfterTheEnd_continuesAtTheEnd() {
        translate("truncated", REQUESTS);
        whenGroupIsEmpty(() -> kafka.admin().setCommittedOffset("truncated-translate", "truncated-sources", 30));

        try (TandemProcess run = run("truncated").start()) {
            run.awaitErr("the broker lost records of truncated-sources-0: the committed offset is 30, the end of the"
                    + " partition is 4; translation continues at offset 4");
            produceRequests("truncated", 2);
            kafka.consume("truncated-translations", REQUESTS + 2);
            run.terminate();
            RunResult.of(run);
            assertThat(run.err()).containsOnlyOnce("the broker lost records");
        }
        verifyTranslations("truncated", IntStream.range(0, REQUESTS + 2).boxed().toList());
        assertThat(kafka.admin().committedOffset("truncated-translate", "truncated-sources"))
                .isEqualTo(REQUESTS + 2L);
    }

    private static void loseOffsets(String name) {
        whenGroupIsEmpty(() -> kafka.admin().deleteOffsets(name + "-translate"));
    }

    private static void whenGroupIsEmpty(Runnable change) {
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
            change.run();
            return true;
        });
    }

    private void translate(String name, int requests) {
        run(name).stopAfterPairs(0).complete();
        produceRequests(name, requests);
        translateUntil(name, requests);
    }

    /** Returns the log of a run that ends when so many translations exist. */
    private String translateUntil(String name, int translations) {
        try (TandemProcess run = run(name).start()) {
            kafka.consume(name + "-translations", translations);
            run.terminate();
            RunResult.of(run);
            return run.err();
        }
    }

    private void awaitDeadLetter(String name) {
        try (TandemProcess run = run(name).start()) {
            kafka.consume(name + "-dead", 1);
            run.terminate();
            RunResult.of(run);
        }
    }

    private TestRun run(String name) {
        return runs.run(name).set("translate.samples=1");
    }

    private static void produceRequests(String name, int count) {
        kafka.produce(IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(name + "-sources", TestRecords.source()))
                .toList());
    }

    private static void verifyTranslations(String name, List<Integer> offsets) {
        List<String> expected =
                offsets.stream().map(offset -> name + "-sources-0-" + offset).toList();
        List<String> actual = kafka.consumeAll(name + "-translations").stream()
                .map(OutputRecords::source)
                .toList();
        new ExactlyOnce(expected, actual).verify();
    }
}
