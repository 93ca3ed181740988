package dev.tandem.images.decode;

import java.util.function.IntUnaryOperator;

/** What transparency does to a pixel's colours, 0xAARRGGBB. */
final class Alpha {
    private static final int OPAQUE = 255;

    private Alpha() {}

    /** Colours times alpha, by which what cannot be seen counts for nothing. */
    static int weighed(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == OPAQUE ? pixel : with(pixel, level -> (level * alpha + 127) / 255);
    }

    /** The inverse of {@link #weighed}. */
    static int unweighed(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == OPAQUE || alpha == 0
                ? pixel
                : with(pixel, level -> Math.min(255, (level * 255 + alpha / 2) / alpha));
    }

    /** As it is seen before white, opaque. */
    static int onWhite(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == OPAQUE ? pixel : with(pixel, level -> onWhite(level, alpha)) | OPAQUE << 24;
    }

    /** A level, 0 to 255, seen before white. */
    static int onWhite(int level, int alpha) {
        return (level * alpha + 255 * (255 - alpha)) / 255;
    }

    private static int with(int pixel, IntUnaryOperator operation) {
        return pixel & 0xff << 24
                | operation.applyAsInt(pixel >> 16 & 0xff) << 16
                | operation.applyAsInt(pixel >> 8 & 0xff) << 8
                | operation.applyAsInt(pixel & 0xff);
    }
}
