package dev.tandem.images.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The pixels of a WebP.
 *
 * @param lossless whether {@code pixels} is a chunk VP8L, which contains alpha, or a chunk VP8
 * @param alpha of a lossy image
 */
record WebpPixels(boolean lossless, byte[] pixels, Optional<byte[]> alpha) {
    private static final String LOSSLESS = "VP8L";
    private static final String LOSSY = "VP8 ";
    private static final int SIGNATURE = 0x2f;
    private static final int START_CODE = 0x2a019d;
    private static final int HEADER = 10;
    private static final byte TRANSPARENT = 0x10;

    static WebpPixels of(WebpChunks chunks) throws IOException {
        boolean lossless = chunks.data(LOSSLESS).isPresent();
        byte[] pixels = chunks.data(lossless ? LOSSLESS : LOSSY)
                .filter(data -> data.length >= HEADER)
                .orElseThrow(() -> new IOException("the file has no pixels"));
        if (lossless ? pixels[0] != SIGNATURE : WebpChunks.number(pixels, 3) != START_CODE) {
            throw new IOException("the pixels do not begin with their signature");
        }
        return new WebpPixels(lossless, pixels, lossless ? Optional.empty() : chunks.data("ALPH"));
    }

    Dimension size() {
        ByteBuffer header = WebpChunks.littleEndian(pixels);
        if (lossless) {
            int bits = header.getInt(1);
            return new Dimension(1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff));
        }
        return new Dimension(header.getShort(6) & 0x3fff, header.getShort(8) & 0x3fff);
    }

    /** A still WebP without metadata. */
    byte[] still() {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        if (alpha.isPresent()) {
            chunks.writeBytes(chunk("VP8X", extended()));
            chunks.writeBytes(chunk("ALPH", alpha.get()));
        }
        chunks.writeBytes(chunk(lossless ? LOSSLESS : LOSSY, pixels));
        byte[] content = chunks.toByteArray();
        return ByteBuffer.allocate(12 + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(ISO_8859_1))
                .putInt(4 + content.length)
                .put("WEBP".getBytes(ISO_8859_1))
                .put(content)
                .array();
    }

    private byte[] extended() {
        int width = size().width - 1;
        int height = size().height - 1;
        return new byte[] {
            TRANSPARENT, 0, 0, 0, (byte) width, (byte) (width >> 8), 0, (byte) height, (byte) (height >> 8), 0
        };
    }

    private static byte[] chunk(String type, byte[] data) {
        return ByteBuffer.allocate(8 + data.length + data.length % 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(type.getBytes(ISO_8859_1))
                .putInt(data.length)
                .put(data)
                .array();
    }
}
