package dev.tandem.images.decode;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;

/**
 * Conversion of stored samples to pixels, row by row.
 *
 * <p>It reads the samples directly. {@link java.awt.Graphics2D} takes longer than decoding, and treats grey as linear light.
 */
final class Pixels {
    static final int OPAQUE = 0xff << 24;

    private Pixels() {}

    /** Converts a row. */
    @FunctionalInterface
    interface RowConversion {
        /**
         * @param samples of the row, pixel by pixel
         * @param pixels to fill, 0xAARRGGBB
         */
        void convert(int[] samples, int[] pixels) throws IOException;
    }

    /** Converts a raster to an image of type RGB or ARGB. */
    static BufferedImage image(Raster raster, boolean alpha, RowConversion conversion) throws IOException {
        int width = raster.getWidth();
        BufferedImage image = new BufferedImage(
                width, raster.getHeight(), alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        int[] samples = new int[width * raster.getNumBands()];
        int[] pixels = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            readRow(raster, y, samples);
            conversion.convert(samples, pixels);
            image.getRaster().setDataElements(0, y, width, 1, pixels);
        }
        return image;
    }

    /** Converts an image of 8-bit grey, RGB or RGBA samples, or of a palette, or of packed bits. */
    static BufferedImage image(BufferedImage stored) throws IOException {
        if (stored.getType() == BufferedImage.TYPE_INT_RGB || stored.getType() == BufferedImage.TYPE_INT_ARGB) {
            return stored;
        }
        ColorModel colours = stored.getColorModel();
        Raster raster = stored.getRaster();
        if (colours instanceof IndexColorModel palette) {
            int[] table = new int[palette.getMapSize()];
            palette.getRGBs(table);
            return image(raster, palette.hasAlpha(), lookUp(table));
        }
        if (raster.getSampleModel().getDataType() == DataBuffer.TYPE_BYTE && raster.getNumBands() != 2) {
            return image(raster, colours.hasAlpha(), conversionOf(raster.getNumBands()));
        }
        return image(raster, colours.hasAlpha(), new PackedPixels(colours, raster.getNumBands()));
    }

    /** The conversion of palette indices; it fails on a pixel without a colour. */
    static RowConversion lookUp(int[] colours) {
        return (samples, pixels) -> {
            for (int x = 0; x < pixels.length; x++) {
                if (samples[x] >= colours.length) {
                    throw new IOException("a pixel has colour " + samples[x] + " of a palette of " + colours.length);
                }
                pixels[x] = colours[samples[x]];
            }
        };
    }

    /** The conversion of 8-bit samples: grey, RGB or RGBA. */
    static RowConversion conversionOf(int bands) {
        return switch (bands) {
            case 1 -> (samples, pixels) -> Arrays.setAll(pixels, x -> OPAQUE | samples[x] * 0x010101);
            case 3 -> Pixels::convertRgb;
            case 4 -> Pixels::convertRgba;
            default -> throw new IllegalArgumentException(bands + " samples per pixel");
        };
    }

    private static void convertRgb(int[] samples, int[] pixels) {
        for (int x = 0; x < pixels.length; x++) {
            pixels[x] = OPAQUE | samples[3 * x] << 16 | samples[3 * x + 1] << 8 | samples[3 * x + 2];
        }
    }

    private static void convertRgba(int[] samples, int[] pixels) {
        for (int x = 0; x < pixels.length; x++) {
            pixels[x] = samples[4 * x + 3] << 24
                    | samples[4 * x] << 16
                    | samples[4 * x + 1] << 8
                    | samples[4 * x + 2];
        }
    }

    /** Reads a row of samples; bytes directly, because {@link Raster#getPixels} is slow. */
    static void readRow(Raster raster, int y, int[] samples) {
        int bands = raster.getNumBands();
        if (!(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
                || !(raster.getDataBuffer() instanceof DataBufferByte buffer)) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
            return;
        }
        byte[] bytes = buffer.getData();
        int start = buffer.getOffset()
                + (raster.getMinY() + y - raster.getSampleModelTranslateY()) * model.getScanlineStride()
                + (raster.getMinX() - raster.getSampleModelTranslateX()) * model.getPixelStride();
        for (int band = 0; band < bands; band++) {
            int offset = start + model.getBandOffsets()[band];
            for (int i = band; i < samples.length; i += bands) {
                samples[i] = bytes[offset] & 0xff;
                offset += model.getPixelStride();
            }
        }
    }

    /** Pixels whose channels are bits of one number, as the colour model describes. */
    private record PackedPixels(ColorModel colours, int bands) implements RowConversion {
        @Override
        public void convert(int[] samples, int[] pixels) {
            int[] components = new int[bands];
            for (int x = 0; x < pixels.length; x++) {
                System.arraycopy(samples, x * bands, components, 0, bands);
                pixels[x] = colours.getRGB(colours.getDataElement(components, 0));
            }
        }
    }
}
