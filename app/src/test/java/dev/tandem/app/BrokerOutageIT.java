package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.origins;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerFaultTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The broker is killed, hangs, is slow or loses a topic while a run trains and translates. */
class BrokerOutageIT extends BrokerFaultTest {
    private static final Duration OUTAGE = Duration.ofSeconds(30);
    /** Pairs before the fault, and again as many after it. */
    private static final int HALF = 60;

    private static final int SAMPLES = 5;
    private static final double SLOW_BYTES_PER_SECOND = 20_000;

    private final HttpTestClient http = HttpTestClient.onFreePort();

    @Override
    protected String[] brokerOptions() {
        return new String[] {"--property", "auto.create.topics.enable=true"};
    }

    @Test
    void run_brokerKilledForHalfAMinute_waitsLogsItOnceAndResumes() {
        try (TandemProcess run = start("outage")) {
            trainFirstHalf("outage");
            produceRequest("outage");
            broker.kill();
            awaitReadiness(503);
            assertThat(http.body("/health/ready")).contains("no Kafka broker answers");
            assertThat(http.status("/health/live")).isEqualTo(200);
            assertThat(http.metric("tandem_broker_up")).isZero();
            assertThat(run.exitsWithin(OUTAGE)).as(run.err()).isFalse();

            startBroker();
            awaitReadiness(200);
            verifySecondHalf("outage", run);
            OutageLog.assertReportsEachOutageOnce(run.err());
            assertThat(run.err()).as("an outage does not rebuild the model").containsOnlyOnce("model ready");
        }
    }

    @Test
    void run_brokerHangs_waitsAndResumes() {
        try (TandemProcess run = start("hanging")) {
            trainFirstHalf("hanging");
            produceRequest("hanging");
            broker.suspend();
            awaitReadiness(503);
            broker.resume();
            awaitReadiness(200);
            verifySecondHalf("hanging", run);
        }
    }

    @Test
    void run_slowBroker_losesAndDuplicatesNothing() {
        try (TandemProcess run = start("slow")) {
            awaitReadiness(200);
            kafka.admin().limitClients(SLOW_BYTES_PER_SECOND);
            trainFirstHalf("slow");
            produceRequest("slow");
            verifySecondHalf("slow", run);
            assertThat(run.err()).containsOnlyOnce("model ready");
        }
    }

    @Test
    void run_pairsTopicDeleted_keepsItsTrainingAndReadsTheNewTopic() {
        try (TandemProcess run = start("forgotten")) {
            trainFirstHalf("forgotten");
            kafka.admin().deleteTopic("forgotten-pairs");
            run.awaitErr("the topics [forgotten-pairs] no longer exist");
            run.awaitErr("created the topics [forgotten-pairs]");
            run.awaitErr("was created again after the checkpoint");
            awaitReadiness(200);
            kafka.produce(TestRecords.pairs("forgotten-pairs", HALF));

            RunResult result = RunResult.of(run);
            assertThat(result.pairsTrained()).isEqualTo(2 * HALF);
            // Offsets start at 0 again in the new topic.
            List<String> bothTopics = new ArrayList<>(origins("forgotten-pairs", HALF));
            bothTopics.addAll(origins("forgotten-pairs", HALF));
            assertThat(result.auditTrail().records()).containsExactlyInAnyOrderElementsOf(bothTopics);
        }
    }

    @Test
    void run_translationsTopicDeleted_createsItAgainAndResumes() {
        try (TandemProcess run = start("emptied")) {
            trainFirstHalf("emptied");
            kafka.admin().deleteTopic("emptied-translations");
            run.awaitErr("created the topics [emptied-translations]");
            verifySecondHalf("emptied", run);
        }
    }

    private TandemProcess start(String name) {
        return runs.runWithHttp(name, http.port())
                .stopAfterPairs(2 * HALF)
                .set("topics.admin-timeout=5 seconds", "topics.watch-every=500 milliseconds")
                .start();
    }

    private void trainFirstHalf(String name) {
        awaitReadiness(200);
        kafka.produce(TestRecords.pairs(name + "-pairs", HALF));
        await().atMost(TIMEOUT).until(() -> http.metric("tandem_training_pairs") >= HALF);
    }

    /** Sends another request and the other pairs, waits for the end of the run, and verifies all of its output. */
    private void verifySecondHalf(String name, TandemProcess run) {
        produceRequest(name);
        kafka.consume(name + "-translations", SAMPLES);
        kafka.produce(TestRecords.pairs(name + "-pairs", HALF));
        RunResult result = RunResult.of(run);
        verifyTranslations(name);
        new ExactlyOnce(origins(name + "-pairs", 2 * HALF), result.auditTrail().records()).verify();
    }

    private void produceRequest(String name) {
        kafka.produce(List.of(new ProducerRecord<>(name + "-sources", TestRecords.source())));
    }

    private void verifyTranslations(String name) {
        List<String> translations = kafka.consumeAll(name + "-translations").stream()
                .map(OutputRecords::sampleId)
                .toList();
        List<String> requested = kafka.consumeAll(name + "-sources").stream()
                .map(Records::origin)
                .flatMap(origin -> OutputRecords.sampleIds(origin, SAMPLES))
                .toList();
        new ExactlyOnce(requested, translations).verify();
    }

    private void awaitReadiness(int status) {
        await().atMost(TIMEOUT).alias("readiness " + status).until(() -> http.status("/health/ready") == status);
    }
}
