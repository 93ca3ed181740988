package dev.tandem.images.decode;

import dev.tandem.images.decode.Pixels.RowConversion;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The meaning of a PNG's samples.
 *
 * @param type colour type in the header, a sum of {@link #PALETTE}, {@link #COLOUR} and {@link #ALPHA}
 * @param bits per sample
 * @param palette chunk PLTE
 * @param transparency chunk tRNS: the alpha of palette colours, or the colour that is transparent
 * @param significant chunk sBIT: significant bits of each channel
 * @param depth significant bits of 16-bit samples; empty: as sBIT states
 */
record PngSamples(
        int type,
        int bits,
        Optional<byte[]> palette,
        Optional<byte[]> transparency,
        Optional<byte[]> significant,
        OptionalInt depth) {
    private static final int PALETTE = 1;
    private static final int COLOUR = 2;
    private static final int ALPHA = 4;
    private static final int HEADER_BYTES = 13;

    static PngSamples of(PngChunks chunks, OptionalInt depth) throws IOException {
        byte[] header = chunks.data("IHDR").orElseThrow();
        if (header.length != HEADER_BYTES) {
            throw new IOException("the header has " + header.length + " bytes");
        }
        return new PngSamples(
                header[9], header[8], chunks.data("PLTE"), chunks.data("tRNS"), chunks.data("sBIT"), depth);
    }

    boolean isGrey() {
        return (type & COLOUR) == 0;
    }

    /** Whether the samples have 16 bits, of which the file may use fewer. */
    boolean isDeep() {
        return bits == Short.SIZE;
    }

    /** Converts the samples as stored. */
    BufferedImage toImage(Raster raster) throws IOException {
        if ((type & PALETTE) != 0) {
            return Pixels.image(raster, transparency.isPresent(), Pixels.lookUp(colours()));
        }
        Optional<int[]> key = key();
        if (bits == Byte.SIZE && key.isEmpty() && raster.getNumBands() != 2) {
            return Pixels.ofBytes(raster);
        }
        return Pixels.image(raster, (type & ALPHA) != 0 || key.isPresent(), conversion(raster, key.orElse(new int[0])));
    }

    /** The colours of the palette, 0xAARRGGBB. */
    private int[] colours() {
        byte[] rgb = palette.orElse(new byte[0]);
        byte[] alpha = transparency.orElse(new byte[0]);
        int[] colours = new int[rgb.length / 3];
        Arrays.setAll(colours, i -> i < alpha.length ? alpha[i] << 24 : Pixels.OPAQUE);
        ColourProfile.putColours(rgb, colours);
        return colours;
    }

    /** The samples of the transparent colour; empty if there is none. */
    private Optional<int[]> key() {
        int channels = isGrey() ? 1 : 3;
        if ((type & ALPHA) != 0) {
            return Optional.empty();
        }
        return transparency
                .filter(chunk -> chunk.length >= channels * Short.BYTES)
                .map(chunk -> {
                    int[] key = new int[channels];
                    Arrays.setAll(key, i -> ByteBuffer.wrap(chunk).getShort(i * Short.BYTES) & (1 << bits) - 1);
                    return key;
                });
    }

    private RowConversion conversion(Raster raster, int[] key) throws IOException {
        int bands = raster.getNumBands();
        int channels = isGrey() ? 1 : 3;
        int[] levels = levels(colourMaximum(raster, channels));
        int[] alphas = (type & ALPHA) == 0 ? levels : levels(alphaMaximum(raster, bands - 1));
        return (samples, pixels) -> {
            for (int x = 0; x < pixels.length; x++) {
                int at = x * bands;
                int alpha = bands > channels ? alphas[samples[at + channels]] : matches(key, samples, at) ? 0 : 255;
                pixels[x] = alpha << 24
                        | levels[samples[at]] << 16
                        | levels[samples[at + channels / 2]] << 8
                        | levels[samples[at + channels - 1]];
            }
        };
    }

    private static boolean matches(int[] key, int[] samples, int at) {
        return key.length > 0 && Arrays.equals(key, 0, key.length, samples, at, at + key.length);
    }

    /** The 8-bit level of each sample: the nearest one. */
    private int[] levels(int maximum) {
        int[] levels = new int[1 << bits];
        Arrays.setAll(levels, sample -> Math.min(255, (sample * 255 + maximum / 2) / maximum));
        return levels;
    }

    /** The sample of the brightest level. A file that states fewer bits than 16 has scaled its samples, or has not. */
    private int colourMaximum(Raster raster, int channels) throws IOException {
        int brightest = isDeep() ? brightest(raster, 0, channels) : 0;
        int maximum = maximum(depth.orElseGet(() -> stated(0, channels)));
        if (isDeep() && depth.isPresent() && brightest > maximum) {
            throw new IOException("a sample is " + brightest + ", but images.depth = " + depth.getAsInt()
                    + " allows at most " + maximum + "; set images.depth = auto");
        }
        return brightest > maximum ? maximum(bits) : maximum;
    }

    private int alphaMaximum(Raster raster, int band) {
        int maximum = maximum(depth.orElseGet(() -> stated(band, band + 1)));
        return isDeep() && brightest(raster, band, band + 1) <= maximum ? maximum : maximum(bits);
    }

    private int maximum(int significantBits) {
        return (1 << (isDeep() ? significantBits : bits)) - 1;
    }

    /** The largest number of bits that sBIT states for some channels; all bits if it states none or is invalid. */
    private int stated(int from, int to) {
        byte[] channels = significant.orElse(new byte[0]);
        int most = 0;
        for (int i = from; i < Math.min(to, channels.length); i++) {
            most = Math.max(most, channels[i]);
        }
        return channels.length < to || most < 1 || most > bits ? bits : most;
    }

    private static int brightest(Raster raster, int from, int to) {
        int bands = raster.getNumBands();
        int[] samples = new int[raster.getWidth() * bands];
        int brightest = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            Pixels.readRow(raster, y, samples);
            for (int i = 0; i < samples.length; i++) {
                if (i % bands >= from && i % bands < to) {
                    brightest = Math.max(brightest, samples[i]);
                }
            }
        }
        return brightest;
    }
}
