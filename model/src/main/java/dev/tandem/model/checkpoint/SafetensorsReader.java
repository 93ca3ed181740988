package dev.tandem.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.model.checkpoint.SafetensorsWriter.Type;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a safetensors file: tensors by name, one at a time.
 *
 * <p>Source: the format description of huggingface/safetensors.
 */
public final class SafetensorsReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_HEADER_BYTES = 100 << 20;

    private final Path file;
    private final FileChannel channel;
    private final JsonNode header;
    private final long dataStart;

    /** @throws CheckpointException if the file is not a safetensors file */
    public SafetensorsReader(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long length = read(0, Long.BYTES).getLong();
            if (length < 2 || length > MAX_HEADER_BYTES) {
                throw new CheckpointException(file + " is not a safetensors file");
            }
            this.header = JSON.readTree(read(Long.BYTES, (int) length).array());
            this.dataStart = Long.BYTES + length;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Names of all tensors. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        header.fieldNames().forEachRemaining(names::add);
        names.remove("__metadata__");
        return names;
    }

    /** Whether the file has a float32 tensor of that name. */
    public boolean isFloat32(String name) {
        return header.path(name).path("dtype").asText().equals(Type.F32.name());
    }

    /** Shape of a tensor of any type. */
    public Shape shape(String name) {
        JsonNode dimensions = header.path(name).path("shape");
        int[] shape = new int[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.path(i).asInt();
        }
        return Shape.of(shape);
    }

    /** @throws CheckpointException if there is no float32 tensor of that name */
    public Tensor tensor(String name) throws IOException {
        if (!isFloat32(name)) {
            throw new CheckpointException(file + " has no float32 tensor " + name);
        }
        Shape shape = shape(name);
        float[] data = new float[shape.size()];
        data(name).asFloatBuffer().get(data);
        return new Tensor(shape, data);
    }

    /** @throws CheckpointException if there is no uint8 tensor of that name */
    public byte[] bytes(String name) throws IOException {
        if (!header.path(name).path("dtype").asText().equals(Type.U8.name())) {
            throw new CheckpointException(file + " has no uint8 tensor " + name);
        }
        return data(name).array();
    }

    private ByteBuffer data(String name) throws IOException {
        JsonNode offsets = header.path(name).path("data_offsets");
        long from = offsets.path(0).asLong();
        return read(dataStart + from, Math.toIntExact(offsets.path(1).asLong() - from));
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(file + " is truncated");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
