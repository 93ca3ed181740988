package dev.tandem.images.decode;

import java.util.function.IntUnaryOperator;

/** Alpha arithmetic on pixels, 0xAARRGGBB. */
final class Alpha {
    private static final int OPAQUE = 255;

    private Alpha() {}

    /** Multiplies the colours by alpha, so that transparent pixels have no weight in a mean. */
    static int premultiplied(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == OPAQUE ? pixel : mapColours(pixel, level -> (level * alpha + 127) / 255);
    }

    /** The inverse of {@link #premultiplied}. */
    static int unpremultiplied(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == OPAQUE || alpha == 0
                ? pixel
                : mapColours(pixel, level -> Math.min(255, (level * 255 + alpha / 2) / alpha));
    }

    /** Composites the pixel onto white; the result is opaque. */
    static int onWhite(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == OPAQUE ? pixel : mapColours(pixel, level -> onWhite(level, alpha)) | OPAQUE << 24;
    }

    /**
     * Composites one channel onto white.
     *
     * @param level 0 to 255
     * @param alpha 0 to 255
     */
    static int onWhite(int level, int alpha) {
        return (level * alpha + 255 * (255 - alpha)) / 255;
    }

    private static int mapColours(int pixel, IntUnaryOperator operation) {
        return pixel & 0xff << 24
                | operation.applyAsInt(pixel >> 16 & 0xff) << 16
                | operation.applyAsInt(pixel >> 8 & 0xff) << 8
                | operation.applyAsInt(pixel & 0xff);
    }
}
