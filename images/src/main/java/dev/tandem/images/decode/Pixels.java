package dev.tandem.images.decode;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Conversion of stored samples to pixels, row by row.
 *
 * <p>It reads the samples directly. {@link java.awt.Graphics2D} takes longer than decoding, and treats grey as linear light.
 */
final class Pixels {
    static final int OPAQUE = 0xff << 24;
    private static final int ARGB_BANDS = 4;

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
            return ofBytes(raster);
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

    /** Converts 8-bit samples (grey, RGB or RGBA) without an intermediate row, because this is the most common case. */
    static BufferedImage ofBytes(Raster raster) {
        boolean alpha = raster.getNumBands() == ARGB_BANDS;
        int width = raster.getWidth();
        BufferedImage image = new BufferedImage(
                width, raster.getHeight(), alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        PixelInterleavedSampleModel model = (PixelInterleavedSampleModel) raster.getSampleModel();
        byte[] bytes = ((DataBufferByte) raster.getDataBuffer()).getData();
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            convertBytes(bytes, start(raster, y), model, row);
            if (alpha) {
                putAlpha(bytes, start(raster, y) + model.getBandOffsets()[3], model.getPixelStride(), row);
            }
            image.getRaster().setDataElements(0, y, width, 1, row);
        }
        return image;
    }

    private static void convertBytes(byte[] bytes, int start, PixelInterleavedSampleModel model, int[] row) {
        int[] bands = model.getBandOffsets();
        int red = start + bands[0];
        int green = start + bands[bands.length > 1 ? 1 : 0];
        int blue = start + bands[bands.length > 1 ? 2 : 0];
        int step = model.getPixelStride();
        for (int x = 0; x < row.length; x++) {
            int at = x * step;
            row[x] =
                    OPAQUE | (bytes[red + at] & 0xff) << 16 | (bytes[green + at] & 0xff) << 8 | bytes[blue + at] & 0xff;
        }
    }

    private static void putAlpha(byte[] bytes, int start, int step, int[] row) {
        for (int x = 0; x < row.length; x++) {
            row[x] = row[x] & ~OPAQUE | bytes[start + x * step] << 24;
        }
    }

    /** The index of the first byte of a row. */
    private static int start(Raster raster, int y) {
        PixelInterleavedSampleModel model = (PixelInterleavedSampleModel) raster.getSampleModel();
        return raster.getDataBuffer().getOffset()
                + (raster.getMinY() + y - raster.getSampleModelTranslateY()) * model.getScanlineStride()
                + (raster.getMinX() - raster.getSampleModelTranslateX()) * model.getPixelStride();
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
        int start = start(raster, y);
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
