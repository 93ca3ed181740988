package dev.tandem.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.process.BrokerCluster;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.ClusterTest;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
import dev.tandem.testkit.stream.TestRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run against three brokers: leaders fail, records and offsets are lost, the network is slow. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT extends ClusterTest {
    private static final int FAULTS = 5;
    private static final int REQUESTS = 20;
    private static final int PAIRS = 24;
    private static final int SAMPLES = 2;
    private static final List<String> STREAMS = List.of("pairs", "sources", "translations", "dead");

    @TempDir
    private static Path offlineFolder;

    private final HttpTestClient http = HttpTestClient.onFreePort();

    /** Its offsets expire while the other tests run. */
    @BeforeAll
    static void takeOneGroupOffline() {
        createTopics("offline");
        produceRequests("offline", 0, REQUESTS);
        try (TandemProcess run = offlineRun().start()) {
            kafka.consume("offline-translations", REQUESTS * SAMPLES);
            run.terminate();
            run.assertSuccess();
        }
    }

    private static TestRun offlineRun() {
        return new TestRuns(cluster.bootstrapServers(), offlineFolder)
                .run("offline", "translate")
                .set("translate.samples=" + SAMPLES);
    }

    @Test
    @Order(1)
    void run_leadersKilledAndSuspended_losesAndDuplicatesNothing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> faults = new ArrayList<>();
        createTopics("leaders");
        try (TandemProcess run =
                withHttp("leaders").stopAfterPairs((FAULTS + 1) * PAIRS).start()) {
            http.awaitReady(run);
            for (int i = 0; i < FAULTS; i++) {
                produceRequests("leaders", i * REQUESTS, REQUESTS);
                kafka.produce(TestRecords.pairs("leaders-pairs", PAIRS));
                int translated = i * REQUESTS * SAMPLES + 1 + random.nextInt(REQUESTS);
                await().atMost(TIMEOUT).alias("seed " + seed + " " + faults).until(() -> translations() >= translated);
                faults.add(injectFault(random, "leaders-" + STREAMS.get(random.nextInt(STREAMS.size()))));
            }
            kafka.consume("leaders-translations", FAULTS * REQUESTS * SAMPLES);
            kafka.produce(TestRecords.pairs("leaders-pairs", PAIRS));
            RunResult result = RunResult.of(run);
            System.out.println("failed leaders, seed " + seed + ", " + faults);
            List<String> pairs = kafka.consumeAll("leaders-pairs").stream()
                    .map(Records::origin)
                    .toList();
            new ExactlyOnce(pairs, result.auditTrail().records()).verify();
            verifyTranslations("leaders", FAULTS * REQUESTS);
        }
    }

    /** Kills or suspends the leader of a topic until another broker leads, and waits for its recovery. */
    private String injectFault(Random random, String topic) {
        int leader = kafka.admin().leader(topic).orElseThrow();
        boolean kill = random.nextBoolean();
        if (kill) {
            cluster.broker(leader).kill();
        } else {
            cluster.broker(leader).suspend();
        }
        try {
            awaitLeaderOtherThan(leader, topic);
        } finally {
            if (!kill) {
                cluster.broker(leader).resume();
            }
        }
        cluster.recover();
        awaitInSync(topic, BrokerCluster.SIZE);
        return (kill ? "SIGKILL" : "SIGSTOP") + " of broker " + leader + ", leader of " + topic;
    }

    @Test
    @Order(2)
    void run_uncleanElectionLosesRequestsThenMemberRestarts_answersNothingTwice() {
        kafka.admin()
                .createTopic(
                        "unclean-sources",
                        List.of(1, 2),
                        Map.of("unclean.leader.election.enable", "true", "min.insync.replicas", "1"));
        createTopics("unclean", "pairs", "translations", "dead");
        TestRun command = runs.run("unclean", "translate").set("translate.samples=" + SAMPLES);
        try (TandemProcess run = command.start()) {
            produceRequests("unclean", 0, REQUESTS);
            kafka.consume("unclean-translations", REQUESTS * SAMPLES);
            cluster.broker(2).kill();
            awaitInSync("unclean-sources", 1);
            produceRequests("unclean", REQUESTS, REQUESTS);
            kafka.consume("unclean-translations", 2 * REQUESTS * SAMPLES);
            run.kill();
        }
        cluster.broker(1).kill();
        cluster.restart(2);
        awaitLeaderOtherThan(1, "unclean-sources");
        cluster.recover();
        assertThat(kafka.consumeAll("unclean-sources"))
                .as("requests that survived")
                .hasSize(REQUESTS);
        try (TandemProcess run = command.start()) {
            // Another message if the committed offset has expired meanwhile, on a slow machine.
            run.awaitErr("of unclean-sources-0");
            produceRequests("unclean", 2 * REQUESTS, REQUESTS);
            kafka.consume("unclean-translations", 3 * REQUESTS * SAMPLES);
            run.terminate();
            run.assertSuccess();
            verifyTranslations("unclean", 3 * REQUESTS);
        }
    }

    @Test
    @Order(3)
    void run_roundTripOfOneSecond_isReadyAndLosesAndDuplicatesNothing() {
        createTopics("slow");
        runs = new TestRuns(cluster.proxiedBootstrapServers(), folder);
        cluster.setRoundTrip(Duration.ofSeconds(1));
        try (TandemProcess run = withHttp("slow").stopAfterPairs(2 * PAIRS).start()) {
            http.awaitReady(run);
            assertThat(run.err()).doesNotContain("no Kafka broker answers");
            produceRequests("slow", 0, REQUESTS);
            kafka.produce(TestRecords.pairs("slow-pairs", PAIRS));
            await().atMost(TIMEOUT).until(() -> http.metric("tandem_training_pairs") >= PAIRS);
            cluster.cutConnections();
            produceRequests("slow", REQUESTS, REQUESTS);
            kafka.consume("slow-translations", 2 * REQUESTS * SAMPLES);
            kafka.produce(TestRecords.pairs("slow-pairs", PAIRS));
            RunResult result = RunResult.of(run);
            assertThat(run.err()).containsOnlyOnce("model ready");
            new ExactlyOnce(
                            TestRecords.origins("slow-pairs", 2 * PAIRS),
                            result.auditTrail().records())
                    .verify();
            verifyTranslations("slow", 2 * REQUESTS);
        } finally {
            cluster.setRoundTrip(Duration.ZERO);
        }
    }

    @Test
    @Order(4)
    void run_offsetsOfItsGroupExpired_answersNothingTwice() {
        await().atMost(TIMEOUT)
                .alias("the offsets expire")
                .until(() -> !kafka.admin().hasCommittedOffsets("offline-translate"));
        try (TandemProcess run = offlineRun().start()) {
            run.awaitErr("the group offline-translate has lost its offset of offline-sources-0");
            produceRequests("offline", REQUESTS, REQUESTS);
            kafka.consume("offline-translations", 2 * REQUESTS * SAMPLES);
            run.terminate();
            run.assertSuccess();
            verifyTranslations("offline", 2 * REQUESTS);
        }
    }

    private TestRun withHttp(String name) {
        return runs.runWithHttp(name, http.port()).set("translate.samples=" + SAMPLES);
    }

    private static void createTopics(String run) {
        createTopics(run, STREAMS.toArray(String[]::new));
    }

    private static void createTopics(String run, String... names) {
        Stream.of(names).forEach(name -> kafka.admin().createTopic(run + "-" + name, 1));
    }

    /** Sends requests with the keys {@code from} to {@code from + count - 1}. */
    private static void produceRequests(String run, int from, int count) {
        kafka.produce(IntStream.range(from, from + count)
                .mapToObj(i -> new ProducerRecord<>(
                        run + "-sources", Integer.toString(i).getBytes(UTF_8), TestRecords.source()))
                .toList());
    }

    /** Verifies that the requests with the keys 0 to {@code requests - 1} have their translations, each once. */
    private static void verifyTranslations(String run, int requests) {
        List<String> expected = IntStream.range(0, requests)
                .boxed()
                .flatMap(key -> IntStream.rangeClosed(1, SAMPLES).mapToObj(i -> key + " " + i + "/" + SAMPLES))
                .toList();
        List<String> actual = kafka.consumeAll(run + "-translations").stream()
                .map(record -> new String(record.key(), UTF_8) + " "
                        + Records.header(record, "tandem-sample").orElse(""))
                .toList();
        new ExactlyOnce(expected, actual).verify();
    }

    private double translations() {
        return http.metric("tandem_translations_total");
    }

    /** A query can fail while brokers are missing, so the wait continues then. */
    private static void awaitLeaderOtherThan(int broker, String topic) {
        await().atMost(TIMEOUT)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .alias("a new leader of " + topic)
                .until(() -> kafka.admin().leader(topic).stream().anyMatch(leader -> leader != broker));
    }

    private static void awaitInSync(String topic, int replicas) {
        await().atMost(TIMEOUT)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .alias(replicas + " replicas of " + topic)
                .until(() -> kafka.admin().inSyncReplicas(topic).size() == replicas);
    }
}
