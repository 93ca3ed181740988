package dev.tandem.model.checkpoint;

import static dev.tandem.model.checkpoint.SafetensorsBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Random files: a reader accepts them or throws a CheckpointException, and what it accepts can be read. */
class CheckpointFuzzTest {
    private static final List<String> EXTREMES = List.of(
            "-1",
            "0",
            "1",
            "2147483647",
            "2147483648",
            "4294967295",
            "9223372036854775807",
            "1e400",
            "null",
            "true",
            "\"\"",
            "[]",
            "{}",
            "[[[[]]]]",
            "\"\\u0000\\n\"");

    private static Path directory;
    private static CheckpointFolder checkpoint;
    private static TreeMap<String, byte[]> valid;

    @BeforeContainer
    static void create() throws IOException {
        directory = Files.createTempDirectory("fuzz");
        checkpoint = CheckpointFolder.create(directory);
        valid = new TreeMap<>();
        for (String name : List.of(
                "SHA256SUMS", "model.safetensors", "optimizer.safetensors", "replay.safetensors", "state.json")) {
            valid.put(name, checkpoint.read(name));
        }
    }

    @AfterContainer
    static void delete() throws IOException {
        try (var entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    /** One file of a valid checkpoint is changed, and its checksum with it. */
    @Property(tries = 300)
    void open_changedFile_isValidOrACheckpointException(
            @ForAll("fileNames") String name, @ForAll("changes") Change change, @ForAll long seed) {
        valid.forEach(checkpoint::write);
        checkpoint.write(name, change.apply(valid.get(name), new Random(seed)));

        try {
            Checkpoint opened = Checkpoint.open(checkpoint.folder());
            assertThat(opened.step()).isNotNegative();
            assertThat(opened.offsets().next().values()).allMatch(offset -> offset >= 0);
            assertThat(opened.networks()).contains("generator");
            assertThat(opened.pastPairs(List.of(0, 1))).hasSize(2);
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).hasLineCount(1);
        }
        assertThat(new CheckpointCatalog(directory).list()).hasSizeLessThanOrEqualTo(1);
    }

    /** Any values of settings: the networks follow from them. */
    @Property(tries = 200)
    void open_anySettings_isValidOrACheckpointException(@ForAll long seed) {
        Random random = new Random(seed);
        valid.forEach(checkpoint::write);
        List<String> values = List.of(
                "0",
                "1",
                "2",
                "3",
                "4",
                "8",
                "11",
                "64",
                "256",
                "512",
                "2048",
                "32x2048",
                "-1",
                "1e9",
                "true",
                "auto",
                "none",
                "seed",
                "batch",
                "conv",
                "linear",
                "all",
                "input",
                "resnet18",
                "nearest",
                "bilinear",
                "");
        checkpoint.changeState(state -> Pattern.compile("(\"(?:model|train)[^\"]*\" : )\"[^\"]*\"")
                .matcher(state)
                .replaceAll(setting -> random.nextInt(6) > 0
                        ? setting.group()
                        : setting.group(1) + '"' + values.get(random.nextInt(values.size())) + '"'));

        try {
            assertThat(Checkpoint.open(checkpoint.folder()).networks()).contains("generator");
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).hasLineCount(1);
        }
    }

    @Provide
    Arbitrary<String> fileNames() {
        return Arbitraries.of(valid.keySet());
    }

    @Provide
    Arbitrary<Change> changes() {
        return Arbitraries.of(Change.values());
    }

    /** Any header over any data. */
    @Property(tries = 1000)
    void reader_anyHeader_isValidOrACheckpointException(
            @ForAll("headers") String header, @ForAll("sizes") int dataBytes) throws IOException {
        Path file = SafetensorsBytes.write(directory.resolve("any.safetensors"), header, new byte[dataBytes]);

        try (SafetensorsReader reader = new SafetensorsReader(file)) {
            long bytes = 0;
            for (String name : reader.names()) {
                bytes += (long) reader.shape(name).size() * reader.type(name).bytes();
                if (reader.isFloat(name)) {
                    assertThat(reader.tensor(name).data()).containsOnly(0f);
                }
            }
            assertThat(bytes).isEqualTo(dataBytes);
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).hasLineCount(1).startsWith(file.toString());
        }
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.of(0, 1, 4, 8, 24);
    }

    @Provide
    Arbitrary<String> headers() {
        Arbitrary<Long> numbers = Arbitraries.of(
                -8L,
                -1L,
                0L,
                1L,
                2L,
                4L,
                8L,
                16L,
                24L,
                1L << 31,
                (1L << 31) - 1,
                1L << 40,
                Long.MAX_VALUE,
                Long.MIN_VALUE);
        Arbitrary<String> shapes = numbers.list().ofMaxSize(3).map(List::toString);
        Arbitrary<String> tensors = Combinators.combine(
                        Arbitraries.of("a", "b", "c", "", "__metadata__", "\\u0000"),
                        Arbitraries.of("F32", "F32", "F64", "F16", "U8", "BOOL", "I4", ""),
                        shapes,
                        numbers,
                        numbers)
                .as((name, type, shape, from, to) -> tensor(name, type, shape, from, to));
        return tensors.list().ofMaxSize(4).map(list -> "{" + String.join(",", list) + "}");
    }

    /** Tensors in any order of names and positions are read with their values. */
    @Property(tries = 300)
    void reader_validFile_returnsEveryValue(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Integer> names = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        Collections.shuffle(names, random);
        List<String> header = new ArrayList<>();
        TreeMap<String, float[]> values = new TreeMap<>();
        ByteBuffer data = ByteBuffer.allocate(5 * 6 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int name : names) {
            float[] tensor = new float[random.nextInt(4) * 2];
            int from = data.position();
            for (int i = 0; i < tensor.length; i++) {
                tensor[i] = random.nextFloat();
                data.putFloat(tensor[i]);
            }
            header.add(tensor("t" + name, "F32", "[" + tensor.length / 2 + ",2]", from, data.position()));
            values.put("t" + name, tensor);
        }
        Collections.shuffle(header, random);
        Path file = SafetensorsBytes.write(
                directory.resolve("valid.safetensors"),
                "{" + String.join(",", header) + "}",
                Arrays.copyOf(data.array(), data.position()));

        try (SafetensorsReader reader = new SafetensorsReader(file)) {
            assertThat(reader.names()).isEqualTo(values.keySet());
            for (String name : values.keySet()) {
                assertThat(reader.tensor(name).data()).isEqualTo(values.get(name));
            }
        }
    }

    /** A way to damage a file. */
    enum Change {
        FLIP {
            @Override
            byte[] apply(byte[] file, Random random) {
                byte[] changed = file.clone();
                for (int i = 0; i <= random.nextInt(4); i++) {
                    changed[position(file, random)] ^= (byte) (1 << random.nextInt(8));
                }
                return changed;
            }
        },
        CUT {
            @Override
            byte[] apply(byte[] file, Random random) {
                return Arrays.copyOf(file, position(file, random));
            }
        },
        APPEND {
            @Override
            byte[] apply(byte[] file, Random random) {
                return Arrays.copyOf(file, file.length + 1 + random.nextInt(64));
            }
        },
        REPEAT {
            @Override
            byte[] apply(byte[] file, Random random) {
                int from = position(file, random);
                return insert(file, from, Arrays.copyOfRange(file, from, Math.min(file.length, from + 200)), 0);
            }
        },
        /** A number becomes another JSON value. */
        REPLACE {
            @Override
            byte[] apply(byte[] file, Random random) {
                int from = position(file, random);
                while (from < file.length && !Character.isDigit(file[from])) {
                    from++;
                }
                int to = from;
                while (to < file.length && Character.isDigit(file[to])) {
                    to++;
                }
                byte[] value = EXTREMES.get(random.nextInt(EXTREMES.size())).getBytes(StandardCharsets.UTF_8);
                return insert(file, from, value, to - from);
            }
        };

        abstract byte[] apply(byte[] file, Random random);

        /** Mostly in the first bytes, where the headers are. */
        static int position(byte[] file, Random random) {
            return random.nextInt(random.nextBoolean() ? Math.min(file.length, 1024) : file.length);
        }

        static byte[] insert(byte[] file, int at, byte[] inserted, int removed) {
            ByteBuffer changed = ByteBuffer.allocate(file.length + inserted.length - removed);
            changed.put(file, 0, at).put(inserted).put(file, at + removed, file.length - at - removed);
            return changed.array();
        }
    }
}
