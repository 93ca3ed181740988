package dev.tandem.model.checkpoint;

import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.checkpoint.SafetensorsHeader.Entry;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a safetensors file: tensors by name, one at a time. Memory is allocated only for the header and for tensors that
 * are requested.
 *
 * <p>Source: the format description of huggingface/safetensors.
 */
public final class SafetensorsReader implements AutoCloseable {
    /** Over 20,000 tensors; the largest model has less than 1,000. */
    static final int MAX_HEADER_BYTES = 4 << 20;

    private static final int MIN_HEADER_BYTES = 2;
    /** A multiple of the size of every element. */
    private static final int CHUNK_BYTES = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private interface ValueConsumer {
        void accept(float value);
    }

    /**
     * Opens a file; a symbolic link is followed.
     *
     * @throws CheckpointException if the file is not a safetensors file
     */
    public SafetensorsReader(Path file) throws IOException {
        this(file, MAX_HEADER_BYTES);
    }

    SafetensorsReader(Path file, int maxHeaderBytes) throws IOException {
        this.file = file;
        long fileBytes = RegularFiles.size(file);
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            int headerBytes = headerBytes(fileBytes, maxHeaderBytes);
            this.dataStart = Long.BYTES + headerBytes;
            this.header =
                    SafetensorsHeader.parse(file, read(Long.BYTES, headerBytes).array(), fileBytes - dataStart);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private int headerBytes(long fileBytes, int maxHeaderBytes) throws IOException {
        long length = fileBytes < Long.BYTES ? -1 : read(0, Long.BYTES).getLong();
        if (length < MIN_HEADER_BYTES || length > fileBytes - Long.BYTES) {
            throw new MalformedFile(file, "is not a safetensors file");
        }
        if (length > maxHeaderBytes) {
            throw new MalformedFile(
                    file, "has a header of " + length + " bytes, but at most " + maxHeaderBytes + " are possible");
        }
        return (int) length;
    }

    /** Names of all tensors. */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** Whether the file has a tensor of that name and of a floating-point type that can be read as float32. */
    public boolean isFloat(String name) {
        return find(name).filter(entry -> entry.type().isFloat()).isPresent();
    }

    /** @throws CheckpointException if there is no tensor of that name */
    public Shape shape(String name) {
        return entry(name).shape();
    }

    /** Type of a tensor, for example {@code F32}. */
    ElementType type(String name) {
        return entry(name).type();
    }

    /**
     * Reads a floating-point tensor, converted to float32.
     *
     * @throws CheckpointException if there is no such tensor
     */
    public Tensor tensor(String name) throws IOException {
        Shape shape = shape(name);
        float[] data = new float[shape.size()];
        int[] next = {0};
        readValues(name, value -> data[next[0]++] = value);
        return new Tensor(shape, data);
    }

    /**
     * Whether every value of a floating-point tensor is finite in float32. Memory does not depend on the tensor's size.
     *
     * @throws CheckpointException if there is no such tensor
     */
    public boolean isFinite(String name) throws IOException {
        boolean[] finite = {true};
        readValues(name, value -> finite[0] &= Float.isFinite(value));
        return finite[0];
    }

    /** Whether no value of a floating-point tensor is below 0. */
    boolean isNonNegative(String name) throws IOException {
        boolean[] nonNegative = {true};
        readValues(name, value -> nonNegative[0] &= value >= 0);
        return nonNegative[0];
    }

    /** @throws CheckpointException if there is no uint8 tensor of that name */
    public byte[] bytes(String name) throws IOException {
        Entry entry = entry(name);
        if (entry.type() != ElementType.U8) {
            throw new MalformedFile(file, "has tensor " + name + " of type " + entry.type() + " instead of U8");
        }
        return read(dataStart + entry.from(), (int) (entry.to() - entry.from())).array();
    }

    private void readValues(String name, ValueConsumer consumer) throws IOException {
        Entry entry = entry(name);
        if (!entry.type().isFloat()) {
            throw new MalformedFile(
                    file, "has tensor " + name + " of type " + entry.type() + ", which is not a floating-point type");
        }
        for (long from = entry.from(); from < entry.to(); from += CHUNK_BYTES) {
            ByteBuffer chunk = read(dataStart + from, (int) Math.min(CHUNK_BYTES, entry.to() - from));
            while (chunk.hasRemaining()) {
                consumer.accept(entry.type().next(chunk));
            }
        }
    }

    private Optional<Entry> find(String name) {
        return Optional.ofNullable(header.tensors().get(name));
    }

    private Entry entry(String name) {
        return find(name).orElseThrow(() -> new MalformedFile(file, "has no tensor " + name));
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new MalformedFile(file, "is truncated");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
