package dev.tandem.images;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.config.ImageSettings.Fit;
import dev.tandem.config.ImageSettings.Scaling;
import dev.tandem.images.encode.PngEncoder;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Images for tests, decoded and encoded. */
public final class TestImages {
    private static final int EXIF_ORIENTATION_TAG = 0x112;

    private TestImages() {}

    /** The limits of a decoder that decodes one image at a time. */
    public static ImageSettings limits(long maxPixels, long maxBytes) {
        return limits(maxPixels, maxBytes, 1);
    }

    /** @param parallelism number of images that are decoded at the same time */
    public static ImageSettings limits(long maxPixels, long maxBytes, int parallelism) {
        Scaling scaling = new Scaling(Fit.STRETCH, Filter.BICUBIC, Filter.BICUBIC);
        return new ImageSettings(maxPixels, maxBytes, 8, 1.5, parallelism, OptionalInt.empty(), scaling);
    }

    /** An RGB image of one colour. */
    public static BufferedImage filled(int width, int height, int rgb) {
        return halves(width, height, rgb, rgb);
    }

    /** An RGB image whose left half has one colour and whose right half has another. */
    public static BufferedImage halves(int width, int height, int left, int right) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x < width / 2 ? left : right);
            }
        }
        return image;
    }

    /** A grey image of 16 bits per sample. */
    public static BufferedImage sixteenBits(int width, int height, int left, int right) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, x < width / 2 ? left : right);
            }
        }
        return image;
    }

    /** @param type of {@link BufferedImage}; with alpha, alpha is random too */
    public static BufferedImage noise(int width, int height, int type, long seed) {
        BufferedImage image = new BufferedImage(width, height, type);
        int[] pixels = new Random(seed).ints((long) width * height).toArray();
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }

    public static byte[] png(BufferedImage image) {
        return PngEncoder.encode(image);
    }

    public static byte[] encoded(BufferedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The signature and the IHDR chunk of a PNG, without pixels. */
    public static byte[] pngHeader(int width, int height) {
        byte[] chunk = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        CRC32 crc = new CRC32();
        crc.update(chunk);
        return ByteBuffer.allocate(8 + 4 + 17 + 4)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
                .putInt(13)
                .put(chunk)
                .putInt((int) crc.getValue())
                .array();
    }

    /** A white CMYK JPEG. No ink is stored as 255. */
    public static byte[] cmykJpeg(int width, int height) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
        Arrays.fill(((DataBufferByte) raster.getDataBuffer()).getData(), (byte) 255);
        return write("jpeg", new IIOImage(raster, null, null), ImageWriteParam.MODE_DISABLED);
    }

    /** A progressive JPEG or an interlaced PNG. */
    public static byte[] progressive(BufferedImage image, String format) {
        return write(format, new IIOImage(image, null, null), ImageWriteParam.MODE_DEFAULT);
    }

    private static byte[] write(String format, IIOImage image, int progressiveMode) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(progressiveMode);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(null, image, parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * A JPEG with an EXIF orientation, 48x32 pixels when upright. The upright corners are red (top left), green (top
     * right), blue (bottom left) and white. The pixels are stored as the EXIF standard defines the orientation: by the side
     * of the upright image that the first stored row and column are.
     */
    public static byte[] rotatedJpeg(int exifOrientation) {
        int width = 48;
        int height = 32;
        boolean rowsAreColumns = exifOrientation > 4;
        boolean fromRight = List.of(2, 3, 6, 7).contains(exifOrientation);
        boolean fromBottom = List.of(3, 4, 7, 8).contains(exifOrientation);
        BufferedImage stored = new BufferedImage(
                rowsAreColumns ? height : width, rowsAreColumns ? width : height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < stored.getHeight(); row++) {
            for (int column = 0; column < stored.getWidth(); column++) {
                int x = rowsAreColumns ? row : column;
                int y = rowsAreColumns ? column : row;
                boolean left = (fromRight ? width - 1 - x : x) < width / 2;
                boolean top = (fromBottom ? height - 1 - y : y) < height / 2;
                stored.setRGB(column, row, left ? top ? 0xff0000 : 0x0000ff : top ? 0x00ff00 : 0xffffff);
            }
        }
        return withExifOrientation(encoded(stored, "jpg"), exifOrientation, 1);
    }

    /**
     * Adds an EXIF segment whose only entry is the orientation.
     *
     * @param count number of values that the entry claims to have; 1 is valid
     */
    public static byte[] withExifOrientation(byte[] jpeg, int orientation, int count) {
        byte[] segment = ByteBuffer.allocate(36)
                .putShort((short) 0xffe1)
                .putShort((short) 34)
                .put("Exif\0\0MM".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) EXIF_ORIENTATION_TAG)
                .putShort((short) 3)
                .putInt(count)
                .putShort((short) orientation)
                .array();
        return ByteBuffer.allocate(jpeg.length + segment.length)
                .put(jpeg, 0, 2)
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** The nearest of red, green, blue and white. */
    public static String nearestColour(int rgb) {
        boolean red = (rgb >> 16 & 0xff) > 127;
        boolean green = (rgb >> 8 & 0xff) > 127;
        boolean blue = (rgb & 0xff) > 127;
        return red && green && blue ? "white" : red ? "red" : green ? "green" : "blue";
    }
}
