package dev.tandem.images.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.Dimension;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The first chunk of each type that is read of a WebP, or of a frame in it. */
record WebpChunks(Map<String, byte[]> chunks) {
    private static final Set<String> READ = Set.of("VP8X", "ANMF", "VP8 ", "VP8L", "ALPH", "EXIF", "ICCP");
    private static final int HEADER = 8;
    private static final int FILE_HEADER = 12;

    static WebpChunks ofFile(byte[] bytes) throws IOException {
        if (bytes.length < FILE_HEADER) {
            throw new IOException("the file ends within its header");
        }
        long end = HEADER + (littleEndian(bytes).getInt(4) & 0xffffffffL);
        if (end > bytes.length) {
            throw new IOException("the file has " + bytes.length + " bytes; its header says " + end);
        }
        return of(Arrays.copyOf(bytes, (int) end), FILE_HEADER);
    }

    /** Reads the chunks from a position on. */
    static WebpChunks of(byte[] bytes, int start) throws IOException {
        Map<String, byte[]> chunks = new HashMap<>();
        int at = start;
        while (at + HEADER <= bytes.length) {
            String type = new String(bytes, at, 4, ISO_8859_1);
            long length = littleEndian(bytes).getInt(at + 4) & 0xffffffffL;
            if (length > bytes.length - at - HEADER) {
                throw new IOException("the file ends within a chunk");
            }
            if (READ.contains(type)) {
                chunks.putIfAbsent(type, Arrays.copyOfRange(bytes, at + HEADER, at + HEADER + (int) length));
            }
            at += HEADER + (int) (length + (length & 1));
        }
        return new WebpChunks(chunks);
    }

    Optional<byte[]> data(String type) {
        return Optional.ofNullable(chunks.get(type));
    }

    /** Two numbers of 24 bits: width - 1 and height - 1. */
    static Dimension size(byte[] data, int at) {
        return new Dimension(1 + number(data, at), 1 + number(data, at + 3));
    }

    /** A number of 24 bits. */
    static int number(byte[] data, int at) {
        return data[at] & 0xff | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16;
    }

    static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
