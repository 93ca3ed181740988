package dev.tandem.images.decode;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The scans of a JPEG. Their number is limited, because a scan of a few bytes takes as long as all pixels of the image.
 */
final class JpegScans {
    /** Progressive files have about 10. */
    static final int MAX = 100;

    private static final int FIRST_FRAME_HEADER = 0xc0;
    private static final int FIRST_RESTART = 0xd0;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    private JpegScans() {}

    /**
     * Counts the scans up to the end of the image or of the file.
     *
     * @param start position of the first scan
     * @throws IOException if there are more than {@value #MAX}
     */
    static void requireFew(byte[] bytes, int start) throws IOException {
        int scans = 0;
        int at = start;
        while (at + 4 <= bytes.length && marker(bytes, at) != END_OF_IMAGE) {
            if (marker(bytes, at) == START_OF_SCAN && ++scans > MAX) {
                throw new IOException("the file has more than " + MAX + " scans");
            }
            at += hasLength(marker(bytes, at)) ? 2 + (ByteBuffer.wrap(bytes).getShort(at + 2) & 0xffff) : 1;
        }
    }

    /** The marker at a position; 0 if there is none. */
    private static int marker(byte[] bytes, int at) {
        return (bytes[at] & 0xff) == 0xff ? bytes[at + 1] & 0xff : 0;
    }

    /** Whether a segment with a length follows. Other markers stand alone, or are a part of the pixels. */
    private static boolean hasLength(int marker) {
        boolean alone = marker >= FIRST_RESTART && marker <= END_OF_IMAGE;
        return marker >= FIRST_FRAME_HEADER && marker != 0xff && !alone;
    }
}
