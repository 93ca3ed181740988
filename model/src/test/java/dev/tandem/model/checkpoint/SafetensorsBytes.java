package dev.tandem.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes files in the format of safetensors from any header and data, valid or not. */
public final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** Writes the length of the header, the header and the data. */
    public static Path write(Path file, String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        try {
            return Files.write(
                    file,
                    ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(json.length)
                            .put(json)
                            .put(data)
                            .array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One tensor of a header. */
    public static String tensor(String name, String type, String shape, long from, long to) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(name, type, shape, from, to);
    }
}
