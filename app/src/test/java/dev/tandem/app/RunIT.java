package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.IMAGE_SIZE;
import static dev.tandem.testkit.stream.TestRecords.pair;
import static dev.tandem.testkit.stream.TestRecords.pairs;
import static dev.tandem.testkit.stream.TestRecords.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.InstalledTools;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** {@code tandem run} against a real broker, with records from plain clients. */
class RunIT extends BrokerTest {
    @Test
    void run_pairsAndSources_trainsTranslatesAndWritesDeadLetters() {
        producePairsAndSources();

        RunResult result;
        List<ConsumerRecord<byte[], byte[]>> translations;
        try (TandemProcess run = runs.run("whole").set("translate.samples=3").start()) {
            translations = kafka.consume("whole-translations", 2);
            kafka.consume("whole-dead", 5);
            Path checkpoint = folder.resolve("whole").resolve("step-0000000006");
            await().atMost(TIMEOUT).until(() -> Files.exists(checkpoint));
            run.terminate();
            result = RunResult.of(run);
        }

        assertThat(translations).allSatisfy(RunIT::assertIsTranslation);
        assertThat(result.pairsTrained()).isEqualTo(24);
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.translations()).isEqualTo(2);
        assertThat(result.deadLetters()).isEqualTo(5);
        Map<String, String> reasons = kafka.consume("whole-dead", 5).stream()
                .collect(Collectors.toMap(OutputRecords::origin, OutputRecords::reason));
        assertThat(reasons)
                .containsEntry("whole-pairs-0-14", "EMPTY")
                .containsEntry("whole-pairs-0-15", "NOT_AN_IMAGE")
                .containsEntry("whole-pairs-0-16", "DAMAGED_IMAGE")
                .containsEntry("whole-pairs-0-17", "WRONG_ASPECT")
                .containsEntry("whole-sources-0-1", "NOT_AN_IMAGE");
    }

    /** 24 valid pairs with four invalid ones after the 14th, one valid request and one invalid. */
    private static void producePairsAndSources() {
        kafka.produce(pairs("whole-pairs", 14));
        byte[] halfAPair = source();
        kafka.produce(Stream.of(new byte[0], "no image".getBytes(UTF_8), Arrays.copyOf(pair(0), 100), halfAPair)
                .map(value -> new ProducerRecord<byte[], byte[]>("whole-pairs", value))
                .toList());
        kafka.produce(pairs("whole-pairs", 10));
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>("whole-sources", "drawing".getBytes(UTF_8), source());
        request.headers().add("tandem-samples", "2".getBytes(UTF_8)).add("tandem-seed", "7".getBytes(UTF_8));
        kafka.produce(List.of(request, new ProducerRecord<>("whole-sources", "broken".getBytes(UTF_8))));
    }

    private static void assertIsTranslation(ConsumerRecord<byte[], byte[]> translation) throws IOException {
        assertThat(new String(translation.key(), UTF_8)).isEqualTo("drawing");
        assertThat(Records.header(translation, "tandem-source")).hasValue("whole-sources-0-0");
        assertThat(Records.header(translation, "tandem-seed")).hasValue("7");
        assertThat(Records.header(translation, "tandem-latent").orElseThrow().split(","))
                .hasSize(8);
        assertThat(ImageIO.read(new ByteArrayInputStream(translation.value())).getWidth())
                .isEqualTo(IMAGE_SIZE);
    }

    @Test
    void run_stoppedAndResumed_isBitIdenticalToAnUninterruptedRun() {
        kafka.produce(pairs("resumed-pairs", 20));

        RunResult stopped = runs.run("resumed").stopAfterPairs(8).complete();
        RunResult resumed = runs.run("resumed").stopAfterPairs(18).complete();
        RunResult uninterrupted = runs.run("resumed")
                .stopAfterPairs(18)
                .set("checkpoint.directory=" + folder.resolve("uninterrupted"), "run.group=another")
                .complete();

        assertThat(stopped.pairsTrained()).isEqualTo(8);
        assertThat(resumed.pairsTrained()).isEqualTo(18);
        assertThat(resumed.steps()).isEqualTo(5);
        assertThat(resumed.nextOffset("resumed-pairs-0")).isEqualTo(18);
        for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
            assertThat(resumed.checkpoint().resolve(file))
                    .hasSameBinaryContentAs(uninterrupted.checkpoint().resolve(file));
        }
        RunResult repeated = runs.run("resumed").stopAfterPairs(18).complete();
        assertThat(repeated.pairsTrained()).isEqualTo(18);
    }

    @Test
    void run_pairsFromKcat_areTrainedOn() throws Exception {
        Assumptions.assumeTrue(
                InstalledTools.find("kcat").isPresent(),
                "kcat is not installed; the other tests use a plain Kafka client");
        Path file = Files.write(folder.resolve("pair.png"), pair(0));
        runs.run("kcat").stopAfterPairs(0).complete();
        for (int i = 0; i < 4; i++) {
            Process kcat = new ProcessBuilder(
                            "kcat", "-P", "-b", broker.bootstrapServers(), "-t", "kcat-pairs", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(kcat.waitFor()).isZero();
        }

        assertThat(runs.run("kcat").stopAfterPairs(4).complete().pairsTrained()).isEqualTo(4);
    }

    @Test
    void run_httpPortInUse_failsAndTheFirstRunStaysHealthy() {
        HttpTestClient http = HttpTestClient.onFreePort();
        try (TandemProcess run = runs.runWithHttp("health", http.port()).start()) {
            http.awaitReady(run);
            assertThat(http.status("/health/live")).as(run.err()).isEqualTo(200);

            try (TandemProcess second = runs.run("health", "http")
                    .set("http.port=" + http.port(), "checkpoint.directory=" + folder.resolve("second"))
                    .start()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err())
                        .contains("cannot listen at 127.0.0.1:" + http.port())
                        .contains("set http.port");
            }
            assertThat(http.isReady()).as(run.err()).isTrue();
        }
    }

    @Test
    void run_topicsMissingAndCreationForbidden_failsInOneLine() {
        try (TandemProcess run =
                runs.run("forbidden").set("topics.create-missing=false").start()) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("do not exist")
                    .contains("forbidden-pairs")
                    .contains("topics.create-missing=true")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void run_checkpointOfOtherNetworks_failsAndNamesTheSetting() {
        runs.run("differs").stopAfterPairs(0).complete();
        try (TandemProcess run = runs.run("differs").set("model.width=8").start()) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("was made with other networks than the settings describe; set model.width=4, or");
        }
    }
}
