package dev.tandem.images.decode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG.
 *
 * <p>The JDK's reader checks no checksum, fails on damaged metadata in files with a palette, knows no eXIf, and compares a
 * transparent grey with scaled samples. So it gets the critical chunks only, and the others are read here.
 */
final class PngChunks {
    private static final int SIGNATURE = 8;
    /** Length, type and checksum. */
    private static final int OVERHEAD = 12;

    private static final String END = "IEND";
    private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "IDAT", END);
    /** The ancillary chunks that matter for the pixels. */
    private static final Set<String> READ = Set.of("tRNS", "sBIT", "iCCP", "eXIf");

    private final Map<String, byte[]> data = new HashMap<>();
    private final ByteArrayOutputStream pixels;

    private PngChunks(byte[] bytes) {
        this.pixels = new ByteArrayOutputStream(bytes.length);
    }

    /**
     * Reads the chunks. A file without its end has a {@link #damage()}, so that the limits are checked first.
     *
     * @throws IOException if the header is missing, a checksum is wrong, or a critical chunk is unknown
     */
    static PngChunks parse(byte[] bytes) throws IOException {
        PngChunks chunks = new PngChunks(bytes);
        chunks.pixels.write(bytes, 0, SIGNATURE);
        int at = SIGNATURE;
        while (!chunks.data.containsKey(END)) {
            int length =
                    bytes.length - at < OVERHEAD ? -1 : ByteBuffer.wrap(bytes).getInt(at);
            if (length < 0 || length > bytes.length - at - OVERHEAD) {
                break;
            }
            String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (!type.chars().allMatch(PngChunks::isLetter)) {
                throw new IOException("the name of a chunk is not four letters");
            }
            requireChecksum(bytes, at, length, type);
            chunks.add(type, bytes, at, length);
            at += OVERHEAD + length;
        }
        if (!chunks.data.containsKey("IHDR")) {
            throw new IOException("the file has no header");
        }
        return chunks;
    }

    private static boolean isLetter(int character) {
        return character >= 'A' && character <= 'Z' || character >= 'a' && character <= 'z';
    }

    /** What is missing at the end of the file. */
    Optional<String> damage() {
        return data.containsKey(END) ? Optional.empty() : Optional.of("the file ends before its last chunk");
    }

    private static void requireChecksum(byte[] bytes, int start, int length, String type) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes, start + 4, 4 + length);
        if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(start + 8 + length)) {
            throw new IOException("the checksum of chunk " + type + " is wrong");
        }
    }

    private void add(String type, byte[] bytes, int start, int length) throws IOException {
        if (PIXELS.contains(type)) {
            pixels.write(bytes, start, OVERHEAD + length);
        } else if (Character.isUpperCase(type.charAt(0))) {
            throw new IOException("chunk " + type + " is unknown, and the file says that it is needed");
        }
        boolean afterPixels = data.containsKey("IDAT");
        if (type.equals("IDAT")) {
            data.put(type, new byte[0]);
        } else if (PIXELS.contains(type) || READ.contains(type) && (!afterPixels || type.equals("eXIf"))) {
            data.putIfAbsent(type, Arrays.copyOfRange(bytes, start + 8, start + 8 + length));
        }
    }

    /** The data of the first chunk of a type. Of IDAT, the data are in {@link #pixels()} only. */
    Optional<byte[]> data(String type) {
        return Optional.ofNullable(data.get(type));
    }

    /** A PNG of the critical chunks. */
    byte[] pixels() {
        return pixels.toByteArray();
    }
}
