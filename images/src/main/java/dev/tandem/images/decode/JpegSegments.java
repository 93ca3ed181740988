package dev.tandem.images.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The segments of a JPEG up to its first scan.
 *
 * <p>The reader gets neither EXIF data nor a colour profile nor thumbnails: it would read all values of the EXIF data, which
 * can claim far more memory than the file has.
 */
final class JpegSegments {
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP2 = 0xe2;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int START_OF_SCAN = 0xda;
    private static final int LOSSLESS = 0xc3;
    private static final String EXIF = "Exif\0\0";
    private static final String PROFILE = "ICC_PROFILE\0";
    private static final String ADOBE = "Adobe";
    /** Sizes of these segments; libjpeg ignores shorter ones. */
    private static final int JFIF_BYTES = 14;

    private static final int ADOBE_BYTES = 12;
    private static final byte[] JFIF = {
        (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private final ByteArrayOutputStream pixels;
    /** Parts of the colour profile by their numbers, which count from 1. */
    private final TreeMap<Integer, byte[]> profile = new TreeMap<>();

    private int profileParts;
    private Optional<byte[]> exif = Optional.empty();
    /** The identifiers of the components, one byte each. */
    private String components = "";

    private boolean jfif;
    /** The segment that states how colours are stored; empty if there is none. */
    private byte[] adobe = {};

    private JpegSegments(int size) {
        this.pixels = new ByteArrayOutputStream(size);
    }

    /** @throws IOException if the file ends before its first scan, or has too many scans */
    static JpegSegments parse(byte[] bytes) throws IOException {
        JpegSegments segments = new JpegSegments(bytes.length);
        segments.pixels.write(bytes, 0, 2);
        int at = 2;
        while (true) {
            // Any number of fill bytes may precede a marker.
            while (at + 1 < bytes.length && (bytes[at] & 0xff) == 0xff && (bytes[at + 1] & 0xff) == 0xff) {
                at++;
            }
            if (at + 4 > bytes.length || (bytes[at] & 0xff) != 0xff) {
                throw new IOException("the file ends before its pixels, or a segment has a wrong length");
            }
            int marker = bytes[at + 1] & 0xff;
            if (marker == START_OF_SCAN) {
                JpegScans.requireFew(bytes, at);
                segments.pixels.write(bytes, at, bytes.length - at);
                return segments;
            }
            int length = ByteBuffer.wrap(bytes).getShort(at + 2) & 0xffff;
            if (length < 2 || at + 2 + length > bytes.length) {
                throw new IOException("the file ends within a segment");
            }
            segments.add(marker, bytes, at, length);
            at += 2 + length;
        }
    }

    private void add(int marker, byte[] bytes, int at, int length) throws IOException {
        byte[] data = Arrays.copyOfRange(bytes, at + 4, at + 2 + length);
        String start = new String(data, 0, Math.min(data.length, PROFILE.length()), ISO_8859_1);
        boolean application = marker >= APP0 && marker <= APP15;
        if (!application && marker != COMMENT) {
            pixels.write(bytes, at, 2 + length);
        }
        jfif |= marker == APP0 && start.startsWith("JFIF\0") && data.length >= JFIF_BYTES;
        if (marker == APP1 && start.startsWith(EXIF) && exif.isEmpty()) {
            exif = Optional.of(Arrays.copyOfRange(data, EXIF.length(), data.length));
        } else if (marker == APP2 && start.equals(PROFILE) && data.length >= PROFILE.length() + 2) {
            profile.putIfAbsent(
                    data[PROFILE.length()] & 0xff, Arrays.copyOfRange(data, PROFILE.length() + 2, data.length));
            profileParts = data[PROFILE.length() + 1] & 0xff;
        } else if (marker == APP14 && start.startsWith(ADOBE) && data.length >= ADOBE_BYTES) {
            adobe = Arrays.copyOfRange(bytes, at, at + 2 + length);
        } else if (isFrame(marker) && data.length >= 6) {
            readFrame(marker, data);
        }
    }

    /** Whether a segment is the header of a frame: SOF0 to SOF15 without DHT, JPG and DAC. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private void readFrame(int marker, byte[] data) throws IOException {
        if (marker == LOSSLESS) {
            throw new IOException("lossless JPEG is not supported");
        }
        if (!components.isEmpty()) {
            throw new IOException("the file has two frame headers");
        }
        for (int i = 0; i < (data[5] & 0xff) && 6 + 3 * i < data.length; i++) {
            components += (char) (data[6 + 3 * i] & 0xff);
        }
    }

    /**
     * The JPEG without metadata, except for the one segment that states how colours are stored.
     */
    byte[] pixels() {
        byte[] whole = pixels.toByteArray();
        byte[] colours = statesYcc() ? JFIF : adobe;
        return ByteBuffer.allocate(whole.length + colours.length)
                .put(whole, 0, 2)
                .put(colours)
                .put(whole, 2, whole.length - 2)
                .array();
    }

    /**
     * Whether three components are YCbCr: with a segment JFIF, or if neither a segment Adobe nor their identifiers say
     * otherwise. This is the rule of libjpeg; the reader knows other ones.
     */
    private boolean statesYcc() {
        return components.length() == 3 && (jfif || adobe.length == 0 && !components.equals("RGB"));
    }

    int components() {
        return components.length();
    }

    /** Whether the first three of four components are stored as YCbCr. Like libjpeg, unknown numbers mean so, too. */
    boolean isYcck() {
        return adobe.length > 0 && adobe[4 + ADOBE_BYTES - 1] != 0;
    }

    Optional<byte[]> exif() {
        return exif;
    }

    /** The colour profile; empty if there is none or if a part is missing. */
    Optional<byte[]> profile() {
        if (profile.isEmpty()
                || profile.firstKey() != 1
                || profile.lastKey() != profileParts
                || profile.size() != profileParts) {
            return Optional.empty();
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        profile.values().forEach(joined::writeBytes);
        return Optional.of(joined.toByteArray());
    }
}
