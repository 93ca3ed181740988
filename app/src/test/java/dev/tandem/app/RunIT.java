package dev.tandem.app;

import static dev.tandem.testkit.Runs.SIDE;
import static dev.tandem.testkit.Runs.pair;
import static dev.tandem.testkit.Runs.pairs;
import static dev.tandem.testkit.Runs.result;
import static dev.tandem.testkit.Runs.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.datasets.Shapes;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.Tools;
import dev.tandem.testkit.WithBroker;
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
class RunIT extends WithBroker {
    @Test
    void run_pairsAndSources_learnsTranslatesAndSortsOutWhatIsUnusable() {
        broker.produce(pairs("whole-pairs", 14));
        broker.produce(Stream.of(
                        new byte[0],
                        "no image".getBytes(UTF_8),
                        Arrays.copyOf(pair(0), 100),
                        PngEncoder.encode(Shapes.draw(1)
                                .examples()
                                .get(0)
                                .joined()
                                .apply(SIDE)
                                .getSubimage(0, 0, SIDE, SIDE)))
                .map(value -> new ProducerRecord<byte[], byte[]>("whole-pairs", value))
                .toList());
        broker.produce(pairs("whole-pairs", 10));
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>("whole-sources", "drawing".getBytes(UTF_8), source());
        request.headers().add("tandem-samples", "2".getBytes(UTF_8)).add("tandem-seed", "7".getBytes(UTF_8));
        broker.produce(List.of(request, new ProducerRecord<>("whole-sources", "broken".getBytes(UTF_8))));

        JsonNode result;
        try (TandemProcess run = runs.start("whole", "--set", "translate.samples=3")) {
            List<ConsumerRecord<byte[], byte[]>> translations = broker.consume("whole-translations", 2);
            broker.consume("whole-dead", 5);
            awaitCheckpoint("whole", "step-0000000006");
            run.terminate();

            assertThat(run.exitCode()).as(run.err()).isZero();
            result = run.json();
            assertThat(translations).allSatisfy(translation -> {
                assertThat(new String(translation.key(), UTF_8)).isEqualTo("drawing");
                assertThat(Records.header(translation, "tandem-source")).hasValue("whole-sources-0-0");
                assertThat(Records.header(translation, "tandem-seed")).hasValue("7");
                assertThat(Records.header(translation, "tandem-latent")
                                .orElseThrow()
                                .split(","))
                        .hasSize(8);
                assertThat(ImageIO.read(new ByteArrayInputStream(translation.value()))
                                .getWidth())
                        .isEqualTo(SIDE);
            });
        }

        assertThat(result.path("pairsTrained").asLong()).isEqualTo(24);
        assertThat(result.path("steps").asLong()).isEqualTo(6);
        assertThat(result.path("translations").asLong()).isEqualTo(2);
        assertThat(result.path("deadLetters").asLong()).isEqualTo(5);
        Map<String, String> reasons = broker.consume("whole-dead", 5).stream()
                .collect(Collectors.toMap(
                        letter -> Records.header(letter, "tandem-origin").orElseThrow(),
                        letter -> Records.header(letter, "tandem-reason").orElseThrow()));
        assertThat(reasons)
                .containsEntry("whole-pairs-0-14", "EMPTY")
                .containsEntry("whole-pairs-0-15", "NOT_AN_IMAGE")
                .containsEntry("whole-pairs-0-16", "DAMAGED_IMAGE")
                .containsEntry("whole-pairs-0-17", "WRONG_ASPECT")
                .containsEntry("whole-sources-0-1", "NOT_AN_IMAGE");
    }

    @Test
    void run_stoppedAfterPairsAndResumed_isTheRunWithoutTheStop() throws IOException {
        broker.produce(pairs("resumed-pairs", 20));

        JsonNode part = result(runs.start("resumed", "--stop-after-pairs", "8"));
        JsonNode resumed = result(runs.start("resumed", "--stop-after-pairs", "18"));
        Path undisturbedFolder = folder.resolve("undisturbed");
        JsonNode undisturbed = result(runs.start(
                "resumed",
                "--stop-after-pairs",
                "18",
                "--set",
                "checkpoint.directory=" + undisturbedFolder,
                "--set",
                "run.group=another"));

        assertThat(part.path("pairsTrained").asLong()).isEqualTo(8);
        assertThat(resumed.path("pairsTrained").asLong()).isEqualTo(18);
        assertThat(resumed.path("steps").asLong()).isEqualTo(5);
        JsonNode state = state(resumed);
        assertThat(state.path("offsets").path("resumed-pairs-0").asLong()).isEqualTo(18);
        for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
            assertThat(checkpoint(resumed).resolve(file))
                    .hasSameBinaryContentAs(checkpoint(undisturbed).resolve(file));
        }
        JsonNode again = result(runs.start("resumed", "--stop-after-pairs", "18"));
        assertThat(again.path("pairsTrained").asLong()).isEqualTo(18);
    }

    @Test
    void run_feedingItWithKcat_isEnough() throws Exception {
        Assumptions.assumeTrue(
                Tools.find("kcat").isPresent(), "kcat is not installed; a plain Kafka client is tested always");
        Path file = Files.write(folder.resolve("pair.png"), pair(0));
        result(runs.start("kcat", "--stop-after-pairs", "0"));
        for (int i = 0; i < 4; i++) {
            Process kcat = new ProcessBuilder(
                            "kcat", "-P", "-b", broker.bootstrapServers(), "-t", "kcat-pairs", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(kcat.waitFor()).isZero();
        }

        assertThat(result(runs.start("kcat", "--stop-after-pairs", "4"))
                        .path("pairsTrained")
                        .asLong())
                .isEqualTo(4);
    }

    @Test
    void health_endpoints_answer() {
        int port = BrokerProcess.freePort();
        try (TandemProcess run = TandemProcess.start(
                runs.arguments("health", List.of("--roles", "train,translate,http", "--set", "http.port=" + port)))) {
            HttpGet http = new HttpGet(port);
            await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200);
            assertThat(http.status("/health/live")).as(run.err()).isEqualTo(200);

            TandemProcess second = TandemProcess.run(runs.arguments(
                            "health",
                            List.of(
                                    "--roles",
                                    "http",
                                    "--set",
                                    "http.port=" + port,
                                    "--set",
                                    "checkpoint.directory=" + folder.resolve("second")))
                    .toArray(String[]::new));
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .contains("cannot listen at 127.0.0.1:" + port)
                    .contains("set http.port");
        }
    }

    @Test
    void run_topicsMissingAndNotToBeMade_failsInOneLine() {
        try (TandemProcess run = runs.start("forbidden", "--set", "topics.create-missing=false")) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("do not exist")
                    .contains("forbidden-pairs")
                    .contains("topics.create-missing=true")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void run_checkpointOfOtherNetworks_failsWithTheSetting() {
        result(runs.start("differs", "--stop-after-pairs", "0"));
        try (TandemProcess run = runs.start("differs", "--set", "model.width=8")) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("was made with other networks than the settings describe; set model.width=4, or");
        }
    }

    @Test
    void produceAndConsume_files_goThroughTopicsAndBack() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("in"));
        Files.write(pictures.resolve("one.png"), pair(0));
        Files.write(pictures.resolve("two.png"), pair(1));

        try (TandemProcess produce = TandemProcess.run(
                        "produce",
                        "--bootstrap",
                        broker.bootstrapServers(),
                        "--topic",
                        "files",
                        "--create",
                        "--json",
                        pictures.toString());
                TandemProcess consume = TandemProcess.run(
                        "consume",
                        "--bootstrap",
                        broker.bootstrapServers(),
                        "--topic",
                        "files",
                        "--max",
                        "2",
                        "--json",
                        "--out",
                        folder.resolve("out").toString())) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(2);
            assertThat(consume.json().path("consumed").asInt())
                    .as(consume.err())
                    .isEqualTo(2);
        }
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**one.png-*.png");
    }

    @Test
    void produce_pairsTwice_sendsThemOnceUnlessToldTo() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("in"));
        Files.write(pictures.resolve("one.png"), pair(0));
        Files.write(pictures.resolve("two.png"), pair(1));

        assertThat(produced(pictures)).isEqualTo(2);
        Files.write(pictures.resolve("three.png"), pair(2));
        assertThat(produced(pictures)).as("only what is new").isEqualTo(1);
        assertThat(produced(pictures, "--epochs", "2")).as("the second epoch").isEqualTo(3);
        assertThat(produced(pictures, "--again")).isEqualTo(3);

        assertThat(broker.consumeAll("known-pairs"))
                .hasSize(9)
                .first()
                .satisfies(record -> assertThat(new String(record.key(), UTF_8)).matches("one\\.png#[0-9a-f]{16}"));
    }

    @Test
    void produce_oneUnusableFile_namesItAndSendsNothing() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("in"));
        Files.write(pictures.resolve("one.png"), pair(0));
        Files.writeString(pictures.resolve("two.png"), "no picture");
        broker.createTopic("spoilt-pairs", 1);

        try (TandemProcess produce = TandemProcess.run(produceArguments("spoilt-pairs", pictures))) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err())
                    .contains("two.png: NOT_AN_IMAGE, ", "1 of 2 files are invalid; nothing was sent")
                    .doesNotContain("\tat ");
        }
        assertThat(broker.consumeAll("spoilt-pairs")).isEmpty();
        try (TandemProcess produce = TandemProcess.run(produceArguments("spoilt-pairs", pictures, "--skip-unusable"))) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(1);
            assertThat(produce.json().path("unusable").asInt()).isEqualTo(1);
        }
    }

    private int produced(Path pictures, String... more) {
        try (TandemProcess produce = TandemProcess.run(produceArguments("known-pairs", pictures, more))) {
            return produce.json().path("produced").asInt();
        }
    }

    private String[] produceArguments(String topic, Path pictures, String... more) {
        return Stream.concat(
                        Stream.of(
                                "produce",
                                "--json",
                                "--bootstrap",
                                broker.bootstrapServers(),
                                "--set",
                                "topics.pairs=" + topic,
                                pictures.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void doctor_brokerAndTopics_findsThemFit() {
        broker.createTopic("small-pairs", 1);
        try (TandemProcess doctor = TandemProcess.run(
                "doctor",
                "--json",
                "--set",
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--set",
                "topics.pairs=small-pairs",
                "--set",
                "topics.sources=none-yet",
                "--set",
                "topics.max-message-bytes=128 MiB",
                "--set",
                "http.port=0")) {
            assertThat(doctor.exitCode()).as(doctor.err()).isZero();
            assertThat(doctor.json().toString())
                    .contains("{\"level\":\"OK\",\"what\":\"broker\"")
                    .contains(
                            "{\"level\":\"OK\",\"what\":\"topic none-yet\",\"found\":\"does not exist; the run creates it\"")
                    .contains("{\"level\":\"WARN\",\"what\":\"topic small-pairs\"")
                    .contains("raise its max.message.bytes");
        }
    }

    private void awaitCheckpoint(String run, String name) {
        await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve(run).resolve(name)));
    }

    private static Path checkpoint(JsonNode result) {
        return Path.of(result.path("checkpoint").asText());
    }

    private static JsonNode state(JsonNode result) throws IOException {
        return new ObjectMapper()
                .readTree(checkpoint(result).resolve("state.json").toFile());
    }
}
