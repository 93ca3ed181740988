package dev.tandem.model.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.Goldens;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.SafetensorsBytes;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Imported weights of any floating-point type and with any values. */
class WeightValuesTest {
    private static final String FIRST = "model.down.0.weight";

    @TempDir
    private Path folder;

    private Map<String, Tensor> generator;
    private Path file;

    /** A type of a safetensors file, and how to write a value of it. */
    enum Type {
        F64(8) {
            @Override
            void put(ByteBuffer buffer, double value) {
                buffer.putDouble(value);
            }
        },
        F32(4) {
            @Override
            void put(ByteBuffer buffer, double value) {
                buffer.putFloat((float) value);
            }
        },
        /** The upper half of a float: all values of the test have few digits. */
        BF16(2) {
            @Override
            void put(ByteBuffer buffer, double value) {
                buffer.putShort((short) (Float.floatToIntBits((float) value) >> 16));
            }
        };

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        abstract void put(ByteBuffer buffer, double value);
    }

    @BeforeEach
    void loadGenerator() {
        generator = Goldens.tensors("upstream/junyanz/G.safetensors");
        file = folder.resolve("G.safetensors");
    }

    @ParameterizedTest
    @EnumSource(Type.class)
    void write_weightsOfAnyWidth_areTheSameInTheCheckpoint(Type type) {
        write(type, 0.375);

        Checkpoint checkpoint = Checkpoint.open(imported().write(store()));

        assertThat(checkpoint.weight("generator", "down.0.weight").data()).containsOnly(0.375f);
        assertThat(checkpoint.weight("generator", "up.0.bias").data()).containsOnly(0.375f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e39, -1e300})
    void of_valueThatIsNotFiniteAsFloat_isRejectedWithTheTensor(double value) {
        write(Type.F64, 0.375);
        ByteBuffer data = ByteBuffer.wrap(read()).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(data.capacity() - Double.BYTES, value);
        write(data.array());
        String last = generator.keySet().stream().reduce((a, b) -> b).orElseThrow();

        assertThatThrownBy(this::imported)
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + ": not finite as float32: " + last
                        + "; import weights of an earlier step of that training");
    }

    @Test
    void of_wholeNumbers_areRejectedWithTheTensor() {
        write(Type.F32, 0.375);
        write(new String(read(), StandardCharsets.ISO_8859_1)
                .replace("\"" + FIRST + "\":{\"dtype\":\"F32\"", "\"" + FIRST + "\":{\"dtype\":\"I32\"")
                .getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(this::imported)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("not of a floating-point type: " + FIRST);
    }

    @Test
    void of_shapesOfOtherRanks_areRejectedWithTheTensor() {
        SafetensorsBytes.write(file, "{" + SafetensorsBytes.tensor(FIRST, "F32", "[2]", 0, 8) + "}", new byte[8]);

        assertThatThrownBy(this::imported)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has tensor " + FIRST + " of shape (2) instead of 4 dimensions");
    }

    @Test
    void of_sameTensorWithAndWithoutPrefix_isRejected() {
        String header = "{" + SafetensorsBytes.tensor(FIRST, "F32", "[1]", 0, 4) + ","
                + SafetensorsBytes.tensor("module." + FIRST, "F32", "[1]", 4, 8) + "}";
        SafetensorsBytes.write(file, header, new byte[8]);

        assertThatThrownBy(this::imported)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has both " + FIRST + " and module." + FIRST);
    }

    @Test
    void of_linkToAFile_isFollowed() throws IOException {
        write(Type.F32, 0.375);
        Path target = Files.move(file, folder.resolve("blob"));
        Files.createSymbolicLink(file, target);

        assertThat(imported().missing()).contains(Member.ENCODER);
    }

    /** Shapes are what the settings are inferred from, so any shape must be rejected in one line. */
    @Test
    void of_randomShapes_areRejectedByName() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] sizes = {0, 1, 2, 3, 4, 7, 64, 65_536};
        for (int i = 0; i < 300; i++) {
            List<String> tensors = new ArrayList<>();
            int end = 0;
            for (String name : generator.keySet()) {
                List<Integer> shape =
                        new ArrayList<>(generator.get(name).shape().dimensions());
                if (random.nextInt(8) == 0) {
                    shape.set(random.nextInt(shape.size()), sizes[random.nextInt(sizes.length)]);
                }
                if (random.nextInt(30) == 0) {
                    shape.remove(0);
                }
                long size = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
                if (random.nextInt(40) > 0 && size < 10_000) {
                    tensors.add(SafetensorsBytes.tensor(name, "F32", shape.toString(), end, end + 4 * size));
                    end += (int) (4 * size);
                }
            }
            SafetensorsBytes.write(file, "{" + String.join(",", tensors) + "}", new byte[end]);

            try {
                imported();
            } catch (CheckpointException | SettingsException e) {
                assertThat(e.getMessage()).as("seed %d, file %d", seed, i).hasLineCount(1);
            }
        }
        System.out.println("random shapes, seed " + seed);
    }

    private WeightImport imported() {
        Map<Member, Path> files = new EnumMap<>(Map.of(Member.GENERATOR, file));
        return WeightImport.of(Upstream.JUNYANZ, files, Optional.empty(), List.of());
    }

    /** Writes the generator with the same value in all weights. */
    private void write(Type type, double value) {
        List<String> header = new ArrayList<>();
        int end = 0;
        for (Map.Entry<String, Tensor> tensor : generator.entrySet()) {
            int next = end + tensor.getValue().data().length * type.bytes;
            header.add(SafetensorsBytes.tensor(
                    tensor.getKey(),
                    type.name(),
                    tensor.getValue().shape().dimensions().toString(),
                    end,
                    next));
            end = next;
        }
        ByteBuffer data = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            type.put(data, value);
        }
        SafetensorsBytes.write(file, "{" + String.join(",", header) + "}", data.array());
    }

    private void write(byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CheckpointStore store() {
        return CheckpointStore.open(new CheckpointSettings(folder.resolve("checkpoints"), 1, 3));
    }
}
