package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.pair;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that use a broker without a model: {@code produce}, {@code consume} and {@code doctor}. */
class KafkaCommandsIT extends BrokerTest {
    /** A slow machine answers late. */
    private static final String PATIENT = "topics.admin-timeout=2 minutes";

    private Path images;

    @BeforeEach
    void createFolder() throws IOException {
        images = Files.createDirectories(folder.resolve("in"));
    }

    @Test
    void produceAndConsume_files_areSentAndWrittenBack() throws IOException {
        Files.write(images.resolve("one.png"), pair(0));
        Files.write(images.resolve("two.png"), pair(1));
        Path out = folder.resolve("out");

        try (TandemProcess produce = tandem("produce", "--topic", "files", "--create", images.toString());
                TandemProcess consume = tandem("consume", "--topic", "files", "--max", "2", "--out", out.toString())) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(2);
            assertThat(consume.json().path("consumed").asInt())
                    .as(consume.err())
                    .isEqualTo(2);
        }
        assertThat(out).isDirectoryContaining("glob:**one.png-*.png");
    }

    @Test
    void produce_pairsAlreadyInTheTopic_areSkippedUnlessRepetitionIsRequested() throws IOException {
        Files.write(images.resolve("one.png"), pair(0));
        Files.write(images.resolve("two.png"), pair(1));

        assertThat(countProduced()).isEqualTo(2);
        Files.write(images.resolve("three.png"), pair(2));
        assertThat(countProduced()).as("only the new file").isEqualTo(1);
        assertThat(countProduced("--epochs", "2")).as("the second epoch").isEqualTo(3);
        assertThat(countProduced("--again")).isEqualTo(3);

        assertThat(kafka.consumeAll("known-pairs"))
                .hasSize(9)
                .first()
                .satisfies(record -> assertThat(new String(record.key(), UTF_8)).matches("one\\.png#[0-9a-f]{16}"));
    }

    @Test
    void produce_oneInvalidFile_namesItAndSendsNothing() throws IOException {
        Files.write(images.resolve("one.png"), pair(0));
        Files.writeString(images.resolve("two.png"), "no picture");
        kafka.admin().createTopic("spoilt-pairs", 1);

        try (TandemProcess produce = produce("spoilt-pairs")) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err())
                    .contains("two.png: NOT_AN_IMAGE, ", "1 of 2 files are invalid; nothing was sent")
                    .doesNotContain("\tat ");
        }
        assertThat(kafka.consumeAll("spoilt-pairs")).isEmpty();
        try (TandemProcess produce = produce("spoilt-pairs", "--skip-unusable")) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(1);
            assertThat(produce.json().path("unusable").asInt()).isEqualTo(1);
        }
    }

    @Test
    void produce_namesOutsideAsciiInLocaleC_areTheKeys() throws IOException {
        List<String> names = List.of("caf\u00e9.png", "cafe\u0301.png", "\u732b.png", "\ud83d\ude00.png");
        for (int i = 0; i < names.size(); i++) {
            Files.write(images.resolve(names.get(i)), pair(i));
        }
        String[] command = command("produce", "--set", "topics.pairs=named-pairs", images.toString());

        try (TandemProcess produce = TandemProcess.run(Map.of("LC_ALL", "C"), command)) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(4);
        }
        assertThat(kafka.consumeAll("named-pairs"))
                .extracting(record -> new String(record.key(), UTF_8).replaceFirst("#.*", ""))
                .containsExactlyInAnyOrderElementsOf(names);
        try (TandemProcess again = TandemProcess.run(Map.of("LC_ALL", "C.UTF-8"), command)) {
            assertThat(again.json().path("known").asInt())
                    .as("the same keys in a locale with UTF-8 %s", again.err())
                    .isEqualTo(4);
        }
    }

    @Test
    void produce_foldersWithMissingPartners_sendsThePairsWithSkipUnusable() throws IOException {
        Path a = Files.createDirectories(folder.resolve("a/train"));
        Path b = Files.createDirectories(folder.resolve("b/train"));
        Files.createSymbolicLink(folder.resolve("b/val"), a);
        Files.createDirectories(folder.resolve("a/val"));
        Files.write(a.resolve("x.png"), square(1));
        Files.write(b.resolve("x.png"), square(2));
        Files.write(folder.resolve("a/val/x.png"), square(3));
        Files.write(b.resolve("y.png"), square(4));
        Files.writeString(b.resolve("._x.png"), "");
        List<String> options = List.of(
                "--set",
                "topics.pairs=folder-pairs",
                "--a",
                a.getParent().toString(),
                "--b",
                b.getParent().toString());

        try (TandemProcess produce = tandem("produce", options.toArray(String[]::new))) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err())
                    .contains("skipped 1 hidden name", "train/y.png: has no partner in " + a.getParent())
                    .contains("tandem: 1 of 3 files are invalid; nothing was sent");
        }
        try (TandemProcess produce = tandem(
                "produce",
                Stream.concat(options.stream(), Stream.of("--skip-unusable")).toArray(String[]::new))) {
            assertThat(produce.json().path("produced").asInt())
                    .as(produce.err())
                    .isEqualTo(2);
            assertThat(produce.json().path("unusable").asInt()).isEqualTo(1);
        }
    }

    private static byte[] square(int rgb) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, rgb);
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    @Test
    void produce_fileLargerThanTheTopicAccepts_namesFileAndLimitAndSkipsItOnRequest() throws IOException {
        Files.write(images.resolve("small.png"), pair(0));
        Files.write(images.resolve("large.png"), withTrailingBytes(pair(1), 20_000));
        kafka.admin().createTopic("limited-pairs", 1, Map.of("max.message.bytes", "10000"));

        try (TandemProcess produce = produce("limited-pairs")) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err())
                    .containsPattern(
                            "large\\.png: the record has 2\\d{4} bytes, but the topic limited-pairs accepts at most"
                                    + " 10000")
                    .contains("1 of 2 files are invalid; nothing was sent")
                    .doesNotContain("\tat ");
            assertThat(produce.json().path("unusable").asInt()).isEqualTo(1);
            assertThat(produce.json().path("produced").asInt()).isZero();
            assertThat(produce.json().path("problems").get(0).asText()).contains("large.png", "10000");
        }
        assertThat(kafka.consumeAll("limited-pairs")).isEmpty();
        try (TandemProcess produce = produce("limited-pairs", "--skip-unusable")) {
            produce.assertSuccess();
            assertThat(produce.json().path("produced").asInt()).isEqualTo(1);
            assertThat(produce.json().path("unusable").asInt()).isEqualTo(1);
        }
        assertThat(kafka.consumeAll("limited-pairs")).hasSize(1);
    }

    /** The limit counts key and record overhead too: a value of exactly the limit is too large. */
    @Test
    void produce_valueOfExactlyTheLimit_isTooLarge() throws IOException {
        byte[] image = pair(0);
        Files.write(images.resolve("exact.png"), image);
        kafka.admin().createTopic("exact-pairs", 1, Map.of("max.message.bytes", Integer.toString(image.length)));

        try (TandemProcess produce = produce("exact-pairs")) {
            assertThat(produce.exitCode()).isEqualTo(1);
            assertThat(produce.err()).contains("exact.png: the record has ", "accepts at most " + image.length);
        }
    }

    @Test
    void produce_compressedRecordFits_isSent() throws IOException {
        Files.write(images.resolve("large.png"), withTrailingBytes(pair(1), 20_000));
        kafka.admin().createTopic("gzip-pairs", 1, Map.of("max.message.bytes", "10000"));

        try (TandemProcess produce = produce("gzip-pairs", "--set", "kafka.compression.type=gzip")) {
            produce.assertSuccess();
            assertThat(produce.json().path("produced").asInt()).isEqualTo(1);
        }
    }

    /** A PNG stays valid with further bytes after its end. */
    private static byte[] withTrailingBytes(byte[] png, int count) {
        return Arrays.copyOf(png, png.length + count);
    }

    private int countProduced(String... options) {
        try (TandemProcess produce = produce("known-pairs", options)) {
            return produce.json().path("produced").asInt();
        }
    }

    private TandemProcess produce(String topic, String... options) {
        return tandem(
                "produce",
                Stream.concat(Stream.of("--set", "topics.pairs=" + topic, images.toString()), Stream.of(options))
                        .toArray(String[]::new));
    }

    private TandemProcess tandem(String command, String... options) {
        return TandemProcess.run(command(command, options));
    }

    private static String[] command(String command, String... options) {
        return Stream.concat(Stream.of(command, "--json", "--bootstrap", broker.bootstrapServers()), Stream.of(options))
                .toArray(String[]::new);
    }

    @Test
    void doctor_brokerAndTopics_reportsTopicsThatAreMissingOrTooSmall() {
        kafka.admin().createTopic("small-pairs", 1);
        kafka.admin().createTopic("compacted-translations", 1, Map.of("cleanup.policy", "compact,delete"));
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
                "topics.translations=compacted-translations",
                "--set",
                "topics.max-message-bytes=128 MiB",
                "--set",
                "http.port=0",
                "--set",
                PATIENT)) {
            doctor.assertSuccess();
            assertThat(doctor.json().toString())
                    .contains("{\"level\":\"OK\",\"what\":\"broker\"")
                    .contains(
                            "{\"level\":\"OK\",\"what\":\"topic none-yet\",\"found\":\"does not exist; the run creates it\"")
                    .contains("{\"level\":\"WARN\",\"what\":\"topic small-pairs\"")
                    .contains("raise its max.message.bytes")
                    .contains(
                            "{\"level\":\"WARN\",\"what\":\"topic compacted-translations\",\"found\":\"is compacted: ")
                    .contains("set its cleanup.policy to delete");
        }
    }
}
