package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away, hangs or forgets a topic while a run learns and translates. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LostBrokerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration OUTAGE = Duration.ofSeconds(30);
    private static final int PORTION = 60;
    private static final int SAMPLES = 5;
    /** Bytes a second. */
    private static final double SLOW = 20_000;

    private final int brokerPort = BrokerProcess.freePort();
    private final HttpGet http = new HttpGet(BrokerProcess.freePort());

    @TempDir
    private Path folder;

    private BrokerProcess broker;
    private Runs runs;

    @BeforeEach
    void startBroker() {
        broker = BrokerProcess.start(
                folder.resolve("broker"), brokerPort, "--property", "auto.create.topics.enable=true");
        runs = new Runs(broker, folder);
    }

    @Test
    void run_brokerKilledForHalfAMinute_waitsSaysSoOnceAndGoesOn() {
        try (TandemProcess run = start("outage", 2 * PORTION)) {
            learn("outage");
            request("outage");
            broker.kill();
            awaitStatus(503);
            assertThat(http.body("/health/ready")).contains("no Kafka broker answers");
            assertThat(http.status("/health/live")).isEqualTo(200);
            assertThat(http.metric("tandem_broker_up")).isZero();
            assertThat(run.endsWithin(OUTAGE)).as(run.err()).isFalse();

            broker = BrokerProcess.start(
                    folder.resolve("broker"), brokerPort, "--property", "auto.create.topics.enable=true");
            awaitStatus(200);
            goOn("outage", run);
            assertThat(run.err())
                    .containsOnlyOnce("no Kafka broker answers")
                    .containsOnlyOnce("the broker is available")
                    .as("the model is not rebuilt for a broker's sake")
                    .containsOnlyOnce("model ready");
        }
    }

    @Test
    void run_brokerHangs_waitsAndGoesOn() {
        try (TandemProcess run = start("hanging", 2 * PORTION)) {
            learn("hanging");
            request("hanging");
            broker.suspend();
            awaitStatus(503);
            broker.resume();
            awaitStatus(200);
            goOn("hanging", run);
        }
    }

    @Test
    void run_brokerSlow_losesNothingAndDoublesNothing() {
        try (TandemProcess run = start("slow", 2 * PORTION)) {
            awaitStatus(200);
            broker.throttle(SLOW);
            learn("slow");
            request("slow");
            goOn("slow", run);
            assertThat(run.err()).containsOnlyOnce("model ready");
        }
    }

    @Test
    void run_topicOfPairsDeleted_keepsWhatItHasLearntAndReadsTheNewOne() {
        try (TandemProcess run = start("forgotten", 2 * PORTION)) {
            learn("forgotten");
            broker.deleteTopic("forgotten-pairs");
            run.awaitErr("the topics [forgotten-pairs] no longer exist");
            run.awaitErr("created the topics [forgotten-pairs]");
            run.awaitErr("was created again after the checkpoint");
            awaitStatus(200);
            broker.produce(Runs.pairs("forgotten-pairs", PORTION));

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().path("pairsTrained").asLong()).isEqualTo(2 * PORTION);
            List<String> twice = new ArrayList<>(places("forgotten", PORTION));
            twice.addAll(places("forgotten", PORTION));
            assertThat(AuditTrail.of(checkpoint(run.json())).records()).containsExactlyInAnyOrderElementsOf(twice);
        }
    }

    @Test
    void run_topicOfTranslationsDeleted_makesItAnewAndGoesOn() {
        try (TandemProcess run = start("emptied", 2 * PORTION)) {
            learn("emptied");
            broker.deleteTopic("emptied-translations");
            run.awaitErr("created the topics [emptied-translations]");
            goOn("emptied", run);
        }
    }

    private TandemProcess start(String name, int pairs) {
        return TandemProcess.start(runs.arguments(
                name,
                List.of(
                        "--stop-after-pairs",
                        Integer.toString(pairs),
                        "--set",
                        "http.port=" + http.port(),
                        "--set",
                        "topics.admin-timeout=2 seconds",
                        "--set",
                        "topics.watch-every=500 milliseconds")));
    }

    private void learn(String name) {
        awaitStatus(200);
        broker.produce(Runs.pairs(name + "-pairs", PORTION));
        await().atMost(PATIENCE).until(() -> http.metric("tandem_training_pairs") >= PORTION);
    }

    /** The other half, and a translation. */
    private void goOn(String name, TandemProcess run) {
        request(name);
        broker.consume(name + "-translations", SAMPLES);
        broker.produce(Runs.pairs(name + "-pairs", PORTION));
        assertThat(run.exitCode()).as(run.err()).isZero();
        verifyTranslations(name);
        new ExactlyOnce(
                        places(name, 2 * PORTION),
                        AuditTrail.of(checkpoint(run.json())).records())
                .verify();
        broker.close();
    }

    private void request(String name) {
        broker.produce(List.of(new ProducerRecord<>(name + "-sources", Runs.source())));
    }

    /** All that was asked for, once; of a topic that was deleted, what has been asked for since. */
    private void verifyTranslations(String name) {
        List<String> translations = broker.consumeAll(name + "-translations").stream()
                .map(each -> Records.header(each, "tandem-source").orElseThrow() + " "
                        + Records.header(each, "tandem-sample").orElseThrow())
                .toList();
        List<String> asked = broker.consumeAll(name + "-sources").stream()
                .map(Records::origin)
                .flatMap(place -> IntStream.rangeClosed(1, SAMPLES).mapToObj(i -> place + " " + i + "/" + SAMPLES))
                .toList();
        new ExactlyOnce(asked, translations).verify();
    }

    private void awaitStatus(int status) {
        await().atMost(PATIENCE).alias("readiness " + status).until(() -> http.status("/health/ready") == status);
    }

    private static List<String> places(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + "-pairs-0-" + i).toList();
    }

    private static Path checkpoint(JsonNode result) {
        return Path.of(result.path("checkpoint").asText());
    }
}
