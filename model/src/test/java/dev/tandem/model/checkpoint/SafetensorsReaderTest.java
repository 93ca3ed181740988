package dev.tandem.model.checkpoint;

import static dev.tandem.model.checkpoint.SafetensorsBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import dev.tandem.model.tensor.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsReaderTest {
    private static final Duration HANG = Duration.ofMinutes(2);
    private static final long MEMORY = 32L << 20;

    @TempDir
    private Path folder;

    static Stream<Arguments> malformedHeaders() {
        String valid = tensor("a", "F32", "[2]", 0, 8);
        return Stream.of(
                malformed("overlap", "{" + valid + "," + tensor("b", "F32", "[2]", 0, 8) + "}", "overlaps another"),
                malformed("overlap by half", "{" + valid + "," + tensor("b", "F32", "[1]", 4, 8) + "}", "overlaps"),
                malformed("gap", "{" + tensor("a", "F32", "[1]", 4, 8) + "}", "leaves a gap"),
                malformed("negative", "{" + tensor("a", "F32", "[2]", -8, 0) + "}", "overlaps another"),
                malformed("reversed", "{" + tensor("a", "F32", "[2]", 8, 0) + "}", "do not match its type and shape"),
                malformed("beyond the end", "{" + tensor("a", "F32", "[3]", 0, 12) + "}", "has 8 bytes of tensors"),
                malformed("unused data", "{" + tensor("a", "F32", "[1]", 0, 4) + "}", "its header describes 4"),
                malformed("2 GB for 8 bytes", "{" + tensor("a", "F32", "[2]", 0, 1L << 31) + "}", "do not match"),
                malformed("2^31 - 1", "{" + tensor("a", "F32", "[2147483647]", 0, 8) + "}", "do not match"),
                malformed("2^31", "{" + tensor("a", "F32", "[2147483648]", 0, 8) + "}", "not valid JSON"),
                malformed("2^64", "{" + tensor("a", "F32", "[4294967296,4294967296]", 0, 8) + "}", "not valid JSON"),
                malformed("overflow", "{" + tensor("a", "F32", "[65536,65536]", 0, 8) + "}", "too large shape"),
                malformed("overflow of 0", "{" + tensor("a", "F32", "[65536,65536,0]", 0, 0) + "}", "too large shape"),
                malformed("negative shape", "{" + tensor("a", "F32", "[-2]", 0, 8) + "}", "negative"),
                malformed("two negatives", "{" + tensor("a", "F32", "[-2,-1]", 0, 8) + "}", "negative"),
                malformed("fraction", "{" + tensor("a", "F32", "[2.5]", 0, 8) + "}", "not valid JSON"),
                malformed("text", "{" + tensor("a", "F32", "[\"2\"]", 0, 8) + "}", "not valid JSON"),
                malformed("null", "{" + tensor("a", "F32", "[null]", 0, 8) + "}", "not valid JSON"),
                malformed("unknown type", "{" + tensor("a", "F99", "[2]", 0, 8) + "}", "unknown type F99"),
                malformed("no type", "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "no valid type"),
                malformed(
                        "three offsets",
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
                        "no valid"),
                malformed("no tensor", "{\"a\":null}", "no valid type"),
                malformed("a number", "{\"a\":1}", "not valid JSON"),
                malformed("duplicate", "{" + valid + "," + valid + "}", "Duplicate"),
                malformed("duplicate key", "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", "Duplicate"),
                malformed("array", "[]", "not a JSON object"),
                malformed("two objects", "{" + valid + "}{}", "text after its end"),
                malformed("cut", "{" + valid, "not valid JSON"),
                malformed("deep", "{\"__metadata__\":" + "[".repeat(100_000), "not valid JSON"),
                malformed("long number", "{\"a\":{\"shape\":[" + "9".repeat(100_000) + "]}}", "not valid JSON"));
    }

    private static Arguments malformed(String name, String header, String problem) {
        return Arguments.of(name, header, problem);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedHeaders")
    void open_malformedHeader_isRejectedInOneLineWithLittleMemory(String name, String header, String problem) {
        Path file = SafetensorsBytes.write(folder.resolve("w.safetensors"), header, new byte[8]);

        assertRejected(file, problem);
    }

    @Test
    void open_lengthBeyondTheFileOrTheLimit_isRejected() throws IOException {
        Path file = folder.resolve("w.safetensors");
        for (long length : new long[] {-1, 0, 1, 9, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertRejected(file, "is not a safetensors file");
        }
        Files.write(file, new byte[5]);
        assertRejected(file, "is not a safetensors file");
        // A sparse file of 1 TB whose header would be 300 MB.
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(1L << 40);
            huge.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(300 << 20)
                    .array());
        }
        assertRejected(file, "has a header of 314572800 bytes");
    }

    @Test
    void open_specialFile_isRejectedWithoutReadingIt() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        assertRejected(fifo, "is a special file instead of a regular file");
        assertRejected(Files.createSymbolicLink(folder.resolve("zero"), Path.of("/dev/zero")), "is a special file");
        assertRejected(Files.createDirectory(folder.resolve("d")), "is a folder instead of a regular file");
    }

    @Test
    void tensor_typesOfOtherWidths_areConverted() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1)
                .putDouble(-2)
                .putFloat(3.5f)
                .putShort((short) 0x3c00)
                .putShort((short) 0xbf80);
        String header = "{" + tensor("f64", "F64", "[2]", 0, 16) + "," + tensor("f32", "F32", "[]", 16, 20) + ","
                + tensor("f16", "F16", "[1,1]", 20, 22) + "," + tensor("bf16", "BF16", "[1]", 22, 24) + ","
                + tensor("u8", "U8", "[2]", 24, 26) + "," + tensor("empty", "F32", "[0,3]", 26, 26) + "}";
        Path file = SafetensorsBytes.write(folder.resolve("w.safetensors"), header, data.array());

        try (SafetensorsReader reader = new SafetensorsReader(file)) {
            assertThat(reader.names()).containsExactly("bf16", "empty", "f16", "f32", "f64", "u8");
            assertThat(reader.tensor("f64").data()).containsExactly(0.1f, -2f);
            assertThat(reader.tensor("f32").data()).containsExactly(3.5f);
            assertThat(reader.tensor("f16").data()).containsExactly(1f);
            assertThat(reader.tensor("f16").shape()).isEqualTo(Shape.of(1, 1));
            assertThat(reader.tensor("bf16").data()).containsExactly(-1f);
            assertThat(reader.tensor("empty").data()).isEmpty();
            assertThat(reader.isFloat("u8")).isFalse();
            assertThatThrownBy(() -> reader.tensor("u8"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tensor u8 of type U8, which is not a floating-point type");
            assertThatThrownBy(() -> reader.tensor("none")).hasMessageContaining("has no tensor none");
        }
    }

    /** Names from a file must not forge lines of the log. */
    @Test
    void open_nameWithLineBreaks_isRejectedInOneLine() {
        String header = "{" + tensor("a\\nERROR everything is lost\\u001b[2J", "F32", "[1]", 0, 8) + "}";

        assertRejected(SafetensorsBytes.write(folder.resolve("w"), header, new byte[8]), "a?ERROR everything");
    }

    private static void assertRejected(Path file, String problem) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTimeoutPreemptively(HANG, () -> {
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> new SafetensorsReader(file).close())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(problem)
                    .message()
                    .hasLineCount(1);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MEMORY);
        });
    }
}
