package dev.tandem.model.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Writes safetensors files: header length, JSON header, then the data, little-endian. */
public final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /**
     * One tensor to write; its data is fetched when it is written, so the heap holds one tensor at a time.
     *
     * @param data little-endian bytes
     */
    public record Entry(String name, ElementType type, Shape shape, Supplier<ByteBuffer> data) {

        /** A float32 tensor. */
        public Entry(String name, Shape shape, Supplier<Tensor> tensor) {
            this(name, ElementType.F32, shape, () -> bytes(tensor.get().data()));
        }

        /** A tensor of unsigned bytes. */
        public static Entry ofBytes(String name, Shape shape, byte[] data) {
            return new Entry(name, ElementType.U8, shape, () -> ByteBuffer.wrap(data));
        }

        private static ByteBuffer bytes(float[] data) {
            ByteBuffer bytes = littleEndian(Math.multiplyExact(data.length, Float.BYTES));
            bytes.asFloatBuffer().put(data);
            return bytes;
        }
    }

    /** Writes the file and forces it to disk. */
    public static void write(Path file, List<Entry> entries) throws IOException {
        byte[] header = header(entries);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, littleEndian(Long.BYTES).putLong(header.length).flip());
            writeFully(channel, ByteBuffer.wrap(header));
            for (Entry entry : entries) {
                writeFully(channel, entry.data().get());
            }
            channel.force(true);
        }
    }

    private static byte[] header(List<Entry> entries) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Map.of("format", "pt"));
        long start = 0;
        for (Entry entry : entries) {
            long end = start + (long) entry.type().bytes() * entry.shape().size();
            // The order of Map.of differs between JVM runs, but equal tensors must give equal files.
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("dtype", entry.type().name());
            description.put("shape", entry.shape().dimensions());
            description.put("data_offsets", List.of(start, end));
            header.put(entry.name(), description);
            start = end;
        }
        String json = JSON.writeValueAsString(header);
        int padding = -json.getBytes(StandardCharsets.UTF_8).length & (ALIGNMENT - 1);
        return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
