package dev.tandem.images.decode;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/** A BMP. Its colour profile is not applied. */
record BmpFile(byte[] content) implements PictureFile {
    private static final int HEADER_SIZE = 14;
    private static final int COMPRESSION = 30;
    private static final int EMBEDDED_JPEG = 4;
    private static final int EMBEDDED_PNG = 5;

    /** @throws IOException if the file holds a JPEG or a PNG, because its reader would decode that without limits */
    static BmpFile parse(byte[] bytes) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < COMPRESSION + Integer.BYTES) {
            throw new IOException("the file ends within its header");
        }
        int compression = header.getInt(HEADER_SIZE) < 40 ? 0 : header.getInt(COMPRESSION);
        if (compression == EMBEDDED_JPEG || compression == EMBEDDED_PNG) {
            throw new IOException("a BMP that contains another format is not supported");
        }
        return new BmpFile(bytes);
    }

    @Override
    public String format() {
        return "bmp";
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        return Pixels.image(reader.read(0));
    }
}
