package dev.tandem.images.decode;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * The alpha of a lossy WebP.
 *
 * @param data chunk ALPH: a byte that says how alpha is stored, and the levels row by row
 */
record WebpAlpha(byte[] data, Dimension size) {
    private static final int HORIZONTAL = 1;
    private static final int VERTICAL = 2;

    boolean isUncompressed() {
        return data.length > 0 && (data[0] & 3) == 0;
    }

    /** Returns an image with these alphas. */
    BufferedImage applyTo(BufferedImage opaque) throws IOException {
        int[] levels = levels();
        BufferedImage image = new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_ARGB);
        int[] row = new int[size.width];
        for (int y = 0; y < size.height; y++) {
            opaque.getRaster().getDataElements(0, y, size.width, 1, row);
            for (int x = 0; x < row.length; x++) {
                row[x] = row[x] & ~Pixels.OPAQUE | levels[y * size.width + x] << 24;
            }
            image.getRaster().setDataElements(0, y, size.width, 1, row);
        }
        return image;
    }

    /** Undoes the filter: each level is stored as the difference to a prediction. */
    private int[] levels() throws IOException {
        int[] levels = new int[size.width * size.height];
        if (data.length < 1 + levels.length) {
            throw new IOException("the file ends within its alpha");
        }
        for (int i = 0; i < levels.length; i++) {
            levels[i] = data[1 + i] + prediction(levels, i) & 0xff;
        }
        return levels;
    }

    private int prediction(int[] levels, int i) {
        int filter = data[0] >> 2 & 3;
        boolean first = i % size.width == 0;
        if (i == 0 || filter == 0) {
            return 0;
        } else if (i < size.width || filter == HORIZONTAL && !first) {
            return levels[i - 1];
        } else if (first || filter == VERTICAL) {
            return levels[i - size.width];
        }
        int gradient = levels[i - 1] + levels[i - size.width] - levels[i - size.width - 1];
        return Math.max(0, Math.min(255, gradient));
    }
}
