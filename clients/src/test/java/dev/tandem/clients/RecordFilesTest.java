package dev.tandem.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.datasets.Shapes;
import dev.tandem.images.encode.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilesTest {
    private static final byte[] PNG =
            PngEncoder.encode(Shapes.generate(1).examples().get(0).render(32));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/etc/passwd",
                "..",
                ".",
                "",
                "a/../../b",
                "..\\..\\windows",
                "C:\\windows",
                "con",
                "a\u0000b",
                "\u202egnp.exe",
                "-rf",
                ".bashrc"
            })
    void write_hostileKeysAndHeaders_staysInFolder(String text) throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        RecordFiles files = new RecordFiles(out, true);

        files.write(record(0, text, PNG));
        files.write(withHeader(record(1, text, PNG), "tandem-origin", text));
        files.write(withHeader(record(2, text, PNG), "tandem-sample", text));
        files.write(withHeader(record(3, text, new byte[0]), text, text));

        assertThat(names(folder)).containsExactly("out");
        assertThat(names(out)).hasSizeBetween(6, 8).allMatch(name -> name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*"));
    }

    @Test
    void write_veryLongKey_shortensFileName() throws IOException {
        new RecordFiles(folder, false).write(record(0, "x".repeat(100_000), PNG));

        assertThat(names(folder))
                .singleElement()
                .satisfies(name -> assertThat(name).hasSizeLessThan(140));
    }

    @Test
    void write_sameKeyTwice_writesBothRecordsAndEachContentOnce() throws IOException {
        RecordFiles files = new RecordFiles(folder, false);

        files.write(record(4, "key", PNG));
        files.write(record(4, "key", PNG));
        files.write(withHeader(record(4, "key", "other".getBytes(UTF_8)), "tandem-sample", "4/5"));
        files.write(withHeader(record(9, "key", PNG.clone()), "tandem-sample", "4/5"));

        assertThat(names(folder)).containsExactly("key-4.bin", "key-4.png");

        byte[] different = PNG.clone();
        different[different.length - 1]++;
        files.write(withHeader(record(9, "key", different), "tandem-sample", "4/5"));

        assertThat(names(folder)).containsExactly("key-4.bin", "key-4.png", "key-4.topic-0-9.png");
    }

    @Test
    void repaired_fileNamedAfterOrigin_isFoundUnlessUnchanged() throws IOException {
        RecordFiles files = new RecordFiles(folder, true);

        files.write(withHeader(record(0, "key", PNG), "tandem-origin", "pairs-0-17"));

        assertThat(names(folder)).containsExactly("pairs-0-17.png", "pairs-0-17.png.headers.json");
        assertThat(Files.readString(folder.resolve("pairs-0-17.png.headers.json")))
                .contains("\"tandem-origin\" : \"pairs-0-17\"");
        assertThat(files.repaired("pairs-0-17", PNG))
                .as("the unchanged dead letter")
                .isEmpty();
        assertThat(files.repaired("pairs-0-17", new byte[1])).containsExactly(folder.resolve("pairs-0-17.png"));
        Files.write(folder.resolve("pairs-0-17.JPG"), new byte[2]);
        assertThat(files.repaired("pairs-0-17", PNG)).containsExactly(folder.resolve("pairs-0-17.JPG"));
        assertThat(files.repaired("pairs-0-17", new byte[1])).hasSize(2);
        assertThat(files.repaired("pairs-0-1", new byte[1])).isEmpty();
        assertThat(files.repaired("../pairs-0-17", new byte[1])).isEmpty();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, byte[] value) {
        return new ConsumerRecord<>("topic", 0, offset, key.getBytes(UTF_8), value);
    }

    private static ConsumerRecord<byte[], byte[]> withHeader(
            ConsumerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(UTF_8));
        return record;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
