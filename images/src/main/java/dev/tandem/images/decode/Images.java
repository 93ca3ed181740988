package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** Operations on decoded images (RGB or ARGB), and their conversion to tensors and back. */
public final class Images {
    private static final float HALF_RANGE = 127.5f;
    private static final int ARGB_CHANNELS = 4;
    /** Bit positions of red, green, blue and alpha in a pixel. */
    private static final int[] SHIFTS = {16, 8, 0, 24};

    private Images() {}

    /** Resizes bicubically, bit-identical to Pillow's BICUBIC. */
    public static BufferedImage resized(BufferedImage image, int width, int height) {
        return resized(image, width, height, new Crop(0, 0, width, height), Filter.BICUBIC);
    }

    /**
     * Resizes an image and crops the result; only the crop is computed.
     *
     * @param width width of the whole resized image
     * @param height height of the whole resized image
     * @param crop part of the resized image
     * @param filter bit-identical to that of Pillow
     */
    static BufferedImage resized(BufferedImage image, int width, int height, Crop crop, Filter filter) {
        if (image.getWidth() == width && image.getHeight() == height) {
            return crop(image, crop);
        }
        Resize resize = Resize.of(filter, image.getWidth(), image.getHeight(), width, height, crop);
        int[][] lines = lines(crop(image, resize.sourcePart()));
        if (!image.getColorModel().hasAlpha()) {
            return ofLines(resize.apply(lines, false), BufferedImage.TYPE_INT_RGB);
        }
        if (filter == Filter.NEAREST) {
            return ofLines(resize.apply(lines, true), BufferedImage.TYPE_INT_ARGB);
        }
        // Without premultiplication the colours of transparent pixels would bleed into visible edges.
        int[][] resized = resize.apply(mapped(lines, Alpha::premultiplied), true);
        return ofLines(mapped(resized, Alpha::unpremultiplied), BufferedImage.TYPE_INT_ARGB);
    }

    private static int[][] mapped(int[][] lines, IntUnaryOperator operation) {
        return Arrays.stream(lines)
                .map(line -> Arrays.stream(line).map(operation).toArray())
                .toArray(int[][]::new);
    }

    /** Returns a decoded image, composited onto white. */
    public static BufferedImage onWhite(BufferedImage image) {
        return Compositing.onWhite(image);
    }

    /** Returns a part of an image, which shares its pixels. */
    public static BufferedImage crop(BufferedImage image, Crop crop) {
        return image.getSubimage(crop.x(), crop.y(), crop.width(), crop.height());
    }

    /**
     * Converts an image to a tensor.
     *
     * @param channels 1: luma; 3: RGB, composited onto white; 4: RGB and alpha
     * @param mirrored whether left and right are swapped
     * @return (1, C, H, W) in [-1, 1]
     */
    public static Tensor tensor(BufferedImage image, int channels, boolean mirrored) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[] data = new float[channels * height * width];
        boolean composite = channels != ARGB_CHANNELS && image.getColorModel().hasAlpha();
        for (int y = 0; y < height; y++) {
            int[] line = line(image, y);
            if (composite) {
                Arrays.setAll(line, x -> Alpha.onWhite(line[x]));
            }
            put(mirrored ? mirrored(line) : line, data, channels, y * width);
        }
        return new Tensor(Shape.of(1, channels, height, width), data);
    }

    private static int[] mirrored(int[] line) {
        int[] mirrored = new int[line.length];
        Arrays.setAll(mirrored, x -> line[line.length - 1 - x]);
        return mirrored;
    }

    private static void put(int[] line, float[] data, int channels, int offset) {
        if (channels == 1) {
            putLuma(line, data, offset);
            return;
        }
        for (int c = 0; c < channels; c++) {
            putChannel(line, SHIFTS[c], data, c * (data.length / channels) + offset);
        }
    }

    private static void putChannel(int[] line, int shift, float[] data, int offset) {
        for (int x = 0; x < line.length; x++) {
            data[offset + x] = (line[x] >>> shift & 0xff) / HALF_RANGE - 1;
        }
    }

    /** ITU-R 601 luma, as in the authors' program. */
    private static void putLuma(int[] line, float[] data, int offset) {
        for (int x = 0; x < line.length; x++) {
            float luma = 0.299f * (line[x] >> 16 & 0xff) + 0.587f * (line[x] >> 8 & 0xff) + 0.114f * (line[x] & 0xff);
            data[offset + x] = luma / HALF_RANGE - 1;
        }
    }

    /**
     * Converts a tensor to an image; the inverse of {@link #tensor}.
     *
     * @param tensor (1, C, H, W) in [-1, 1]; values outside are clamped
     * @return a grey, RGB or ARGB image for 1, 3 or 4 channels
     */
    public static BufferedImage image(Tensor tensor) {
        return tensor.shape().channels() == 1 ? greyImage(tensor) : colourImage(tensor);
    }

    /** Writes the levels into the raster, because {@link BufferedImage#setRGB} would treat them as linear light. */
    private static BufferedImage greyImage(Tensor tensor) {
        int height = tensor.shape().height();
        int width = tensor.shape().width();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        int[] levels = new int[height * width];
        Arrays.setAll(levels, i -> level(tensor.data()[i]));
        image.getRaster().setSamples(0, 0, width, height, 0, levels);
        return image;
    }

    private static BufferedImage colourImage(Tensor tensor) {
        int channels = tensor.shape().channels();
        int width = tensor.shape().width();
        int area = tensor.shape().height() * width;
        int[][] lines = new int[tensor.shape().height()][width];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < area; i++) {
                lines[i / width][i % width] |= level(tensor.data()[c * area + i]) << SHIFTS[c];
            }
        }
        return ofLines(lines, channels == ARGB_CHANNELS ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    }

    /** A checksum of the pixels, which does not depend on the type of the image. */
    public static long checksum(BufferedImage image) {
        CRC32C checksum = new CRC32C();
        ByteBuffer bytes = ByteBuffer.allocate(image.getWidth() * Integer.BYTES);
        for (int y = 0; y < image.getHeight(); y++) {
            bytes.asIntBuffer().put(line(image, y));
            checksum.update(bytes.array());
        }
        return checksum.getValue();
    }

    private static int[][] lines(BufferedImage image) {
        return IntStream.range(0, image.getHeight())
                .mapToObj(y -> line(image, y))
                .toArray(int[][]::new);
    }

    /** A row of pixels as 0xAARRGGBB. It reads the raster directly, because {@code getRGB} costs more than decoding. */
    private static int[] line(BufferedImage image, int y) {
        int width = image.getWidth();
        if (image.getType() != BufferedImage.TYPE_INT_RGB && image.getType() != BufferedImage.TYPE_INT_ARGB) {
            return image.getRGB(0, y, width, 1, null, 0, width);
        }
        int[] line = (int[]) image.getRaster().getDataElements(0, y, width, 1, null);
        if (image.getType() == BufferedImage.TYPE_INT_RGB) {
            for (int x = 0; x < width; x++) {
                line[x] |= 0xff << 24;
            }
        }
        return line;
    }

    private static BufferedImage ofLines(int[][] lines, int type) {
        BufferedImage image = new BufferedImage(lines[0].length, lines.length, type);
        for (int y = 0; y < lines.length; y++) {
            image.getRaster().setDataElements(0, y, lines[y].length, 1, lines[y]);
        }
        return image;
    }

    private static int level(float value) {
        return Math.round((Math.max(-1, Math.min(1, value)) + 1) * HALF_RANGE);
    }
}
