package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Recognises 16-bit images whose samples have fewer bits, because these are decoded to almost black. */
public final class DepthCheck {
    /** Number of bytes at the start of a file that say whether its samples have 16 bits. */
    public static final int HEADER_BYTES = 25;

    /** The level of the brightest 12-bit sample. */
    private static final int DARK = 16;

    private final ImageDecoder decoder;

    public DepthCheck(ImageSettings settings) {
        // With alpha, because a transparent background would become white and hide that the rest is dark.
        this.decoder = new ImageDecoder(settings, true);
    }

    /** @param start the first {@value #HEADER_BYTES} bytes of a file, or more */
    public static boolean isSixteenBits(byte[] start) {
        return start.length >= HEADER_BYTES
                && new String(start, 0, 4, StandardCharsets.ISO_8859_1).equals("\u0089PNG")
                && start[HEADER_BYTES - 1] == Short.SIZE;
    }

    /**
     * Checks both halves of an image, because it can be a pair.
     *
     * @return what is suspicious and which setting helps; empty if nothing is, or if the image cannot be decoded
     */
    public Optional<String> warning(byte[] file) {
        if (!isSixteenBits(file)) {
            return Optional.empty();
        }
        try {
            BufferedImage image = decoder.decode(file);
            int half = image.getWidth() / 2;
            int left = brightest(image, 0, half);
            int right = brightest(image, half, image.getWidth());
            return warning(isDark(left) ? left : right, isDark(left) ? "left" : "right");
        } catch (InvalidInput e) {
            return Optional.empty();
        }
    }

    private static Optional<String> warning(int brightest, String half) {
        return isDark(brightest)
                ? Optional.of("the image has 16 bits per sample, but the brightest level of its " + half + " half is "
                        + brightest + " of 255; if its samples have fewer bits, for example 12, set images.depth=12")
                : Optional.empty();
    }

    /** An all black half is probably meant. */
    private static boolean isDark(int brightest) {
        return brightest > 0 && brightest <= DARK;
    }

    private static int brightest(BufferedImage image, int left, int right) {
        int brightest = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = left; x < right; x++) {
                int pixel = image.getRGB(x, y);
                brightest =
                        Math.max(brightest, Math.max(pixel >> 16 & 0xff, Math.max(pixel >> 8 & 0xff, pixel & 0xff)));
            }
        }
        return brightest;
    }
}
