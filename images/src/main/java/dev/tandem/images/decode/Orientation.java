package dev.tandem.images.decode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The EXIF orientation of an image: the transformation from its stored pixels to the upright image.
 *
 * <p>The order is that of the EXIF values, which count from 1. The four numbers are the matrix that maps stored coordinates
 * to upright ones.
 */
enum Orientation {
    NORMAL(1, 0, 0, 1),
    FLIP_HORIZONTAL(-1, 0, 0, 1),
    ROTATE_180(-1, 0, 0, -1),
    FLIP_VERTICAL(1, 0, 0, -1),
    TRANSPOSE(0, 1, 1, 0),
    ROTATE_90(0, -1, 1, 0),
    TRANSVERSE(0, -1, -1, 0),
    ROTATE_270(0, 1, -1, 0);

    /** The letters II and MM. */
    private static final int LITTLE_ENDIAN = 0x4949;

    private static final int BIG_ENDIAN = 0x4d4d;
    private static final int TIFF = 42;
    private static final int TAG = 0x112;
    private static final int SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    private final int xx;
    private final int xy;
    private final int yx;
    private final int yy;

    Orientation(int xx, int xy, int yx, int yy) {
        this.xx = xx;
        this.xy = xy;
        this.yx = yx;
        this.yy = yy;
    }

    /**
     * Reads the orientation of EXIF data; {@link #NORMAL} if it is absent or damaged, because the pixels are still valid.
     *
     * <p>It reads only this entry of the first directory. Libraries read the values of all entries, which can claim far more
     * memory than the file has.
     */
    static Orientation of(Optional<byte[]> exif) {
        try {
            int value = exif.map(Orientation::value).orElse(1);
            return value >= 1 && value <= values().length ? values()[value - 1] : NORMAL;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return NORMAL;
        }
    }

    private static int value(byte[] exif) {
        ByteBuffer tiff = ByteBuffer.wrap(exif);
        tiff.order(tiff.getShort(0) == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (tiff.getShort(0) != LITTLE_ENDIAN && tiff.getShort(0) != BIG_ENDIAN || tiff.getShort(2) != TIFF) {
            return 1;
        }
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = directory + Short.BYTES + i * ENTRY_BYTES;
            if (tiff.getShort(entry) == TAG) {
                boolean valid = tiff.getShort(entry + 2) == SHORT && tiff.getInt(entry + 4) == 1;
                return valid ? tiff.getShort(entry + 8) : 1;
            }
        }
        return 1;
    }

    /** Returns the upright image. */
    BufferedImage applyTo(BufferedImage stored) {
        if (this == NORMAL) {
            return stored;
        }
        int width = stored.getWidth();
        int height = stored.getHeight();
        boolean transposed = xx == 0;
        BufferedImage upright =
                new BufferedImage(transposed ? height : width, transposed ? width : height, stored.getType());
        // The matrix can map the image to negative coordinates; the translation moves it back.
        int right = Math.max(0, -(xx * (width - 1) + xy * (height - 1)));
        int down = Math.max(0, -(yx * (width - 1) + yy * (height - 1)));
        int[] pixels = ((DataBufferInt) upright.getRaster().getDataBuffer()).getData();
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            stored.getRaster().getDataElements(0, y, width, 1, row);
            int first = (yy * y + down) * upright.getWidth() + xy * y + right;
            int step = yx * upright.getWidth() + xx;
            for (int x = 0; x < width; x++) {
                pixels[first + x * step] = row[x];
            }
        }
        return upright;
    }
}
