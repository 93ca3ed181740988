package dev.tandem.images.decode;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/**
 * A BMP. Its colour profile is not applied.
 *
 * @param size in the header
 */
record BmpFile(byte[] content, Dimension size) implements PictureFile {
    private static final int PIXELS = 10;
    private static final int HEADER = 14;
    private static final int OLD_HEADER_BYTES = 12;
    private static final int COMPRESSION = 30;
    private static final int RUNS_OF_BYTES = 1;
    private static final int RUNS_OF_NIBBLES = 2;
    private static final int EMBEDDED_JPEG = 4;
    private static final int EMBEDDED_PNG = 5;

    /**
     * Reads the header.
     *
     * @throws IOException if the file holds a JPEG or a PNG, which its reader would decode without limits, or if runs of
     *     pixels are cut off, which its reader would leave black
     */
    static BmpFile parse(byte[] bytes) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < COMPRESSION + Integer.BYTES) {
            throw new IOException("the file ends within its header");
        }
        boolean old = header.getInt(HEADER) == OLD_HEADER_BYTES;
        int compression = old ? 0 : header.getInt(COMPRESSION);
        if (compression == EMBEDDED_JPEG || compression == EMBEDDED_PNG) {
            throw new IOException("a BMP that contains another format is not supported");
        } else if (compression == RUNS_OF_BYTES || compression == RUNS_OF_NIBBLES) {
            requireEnd(header.position(Math.max(0, Math.min(header.getInt(PIXELS), bytes.length))), compression);
        }
        Dimension size = old
                ? new Dimension(header.getShort(HEADER + 4) & 0xffff, header.getShort(HEADER + 6) & 0xffff)
                : new Dimension(header.getInt(HEADER + 4), Math.abs(header.getInt(HEADER + 8)));
        return new BmpFile(bytes, size);
    }

    /** Follows the runs to the code that ends the image. */
    private static void requireEnd(ByteBuffer runs, int compression) throws IOException {
        while (runs.remaining() >= 2) {
            int length = runs.get() & 0xff;
            int value = runs.get() & 0xff;
            if (length > 0 || value == 0) {
                continue;
            } else if (value == 1) {
                return;
            }
            int bytes = compression == RUNS_OF_BYTES ? value : (value + 1) / 2;
            int skipped = value == 2 ? 2 : bytes + bytes % 2;
            runs.position(Math.min(runs.limit(), runs.position() + skipped));
        }
        throw new IOException("the file ends within its pixels");
    }

    @Override
    public String format() {
        return "bmp";
    }

    @Override
    public Dimension size(ImageReader reader) {
        return size;
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        return Pixels.image(reader.read(0));
    }
}
