package dev.tandem.images.decode;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Optional;

/**
 * Conversion of a CMYK JPEG. The samples are stored as Adobe does: 255 is no ink.
 *
 * @param transformed whether the inks are stored as YCbCr with K (YCCK)
 * @param profile of the inks; without one, the inks absorb light independently
 */
record Cmyk(boolean transformed, Optional<ColourProfile> profile) {
    private static final int BANDS = 4;

    BufferedImage toImage(Raster raster) throws IOException {
        return Pixels.image(raster, false, this::convert);
    }

    private void convert(int[] samples, int[] pixels) {
        if (transformed) {
            untransform(samples);
        }
        profile.ifPresentOrElse(colours -> convert(samples, pixels, colours), () -> multiply(samples, pixels));
    }

    private static void convert(int[] samples, int[] pixels, ColourProfile colours) {
        byte[] inks = new byte[samples.length];
        for (int i = 0; i < inks.length; i++) {
            inks[i] = (byte) (255 - samples[i]);
        }
        ColourProfile.putColours(colours.convert(inks), pixels);
    }

    private static void multiply(int[] samples, int[] pixels) {
        for (int x = 0; x < pixels.length; x++) {
            int at = BANDS * x;
            int black = samples[at + 3];
            pixels[x] = Pixels.OPAQUE
                    | (samples[at] * black + 127) / 255 << 16
                    | (samples[at + 1] * black + 127) / 255 << 8
                    | (samples[at + 2] * black + 127) / 255;
        }
    }

    /** Converts YCbCr to inverted inks, with the coefficients of ITU-R 601. */
    private static void untransform(int[] samples) {
        for (int at = 0; at < samples.length; at += BANDS) {
            int luma = samples[at];
            int blue = samples[at + 1] - 128;
            int red = samples[at + 2] - 128;
            samples[at] = 255 - clamped(luma + 1.402 * red);
            samples[at + 1] = 255 - clamped(luma - 0.344136 * blue - 0.714136 * red);
            samples[at + 2] = 255 - clamped(luma + 1.772 * blue);
        }
    }

    private static int clamped(double level) {
        return (int) Math.max(0, Math.min(255, Math.round(level)));
    }
}
