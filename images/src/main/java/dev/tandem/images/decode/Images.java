package dev.tandem.images.decode;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** What is done to decoded pictures, RGB or ARGB. */
public final class Images {
    private static final float HALF_RANGE = 127.5f;
    private static final int ARGB = 4;
    /** Where red, green, blue and alpha are in a pixel. */
    private static final int[] SHIFTS = {16, 8, 0, 24};

    private Images() {}

    /** Bicubic, as Pillow's BICUBIC. */
    public static BufferedImage resized(BufferedImage picture, int width, int height) {
        return resized(picture, width, height, new Crop(0, 0, width, height));
    }

    /** A part of a picture that was resized; what lies around it is not computed. */
    public static BufferedImage resized(BufferedImage picture, int width, int height, Crop crop) {
        if (picture.getWidth() == width && picture.getHeight() == height) {
            return part(picture, crop);
        }
        Resize resize = Resize.of(picture.getWidth(), picture.getHeight(), width, height, crop);
        boolean alpha = picture.getColorModel().hasAlpha();
        int[][] lines = lines(part(picture, resize.source()));
        if (!alpha) {
            return ofLines(resize.apply(lines, false), BufferedImage.TYPE_INT_RGB);
        }
        // Colours of what cannot be seen would bleed into the edges of what can.
        int[][] resized = resize.apply(mapped(lines, Alpha::weighed), true);
        return ofLines(mapped(resized, Alpha::unweighed), BufferedImage.TYPE_INT_ARGB);
    }

    private static int[][] mapped(int[][] lines, IntUnaryOperator operation) {
        return Arrays.stream(lines)
                .map(line -> Arrays.stream(line).map(operation).toArray())
                .toArray(int[][]::new);
    }

    public static BufferedImage part(BufferedImage picture, Crop crop) {
        return picture.getSubimage(crop.x(), crop.y(), crop.width(), crop.height());
    }

    /**
     * (1, C, H, W) in [-1, 1], mirrored left to right if asked; with one channel the luma, with three the colours before
     * white, with four the colours and the alpha.
     */
    public static Tensor tensor(BufferedImage picture, int channels, boolean mirrored) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        float[] data = new float[channels * height * width];
        boolean beforeWhite = channels != ARGB && picture.getColorModel().hasAlpha();
        for (int y = 0; y < height; y++) {
            int[] line = line(picture, y);
            if (beforeWhite) {
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

    private static void put(int[] line, float[] data, int channels, int at) {
        if (channels == 1) {
            putLuma(line, data, at);
            return;
        }
        for (int c = 0; c < channels; c++) {
            putChannel(line, SHIFTS[c], data, c * (data.length / channels) + at);
        }
    }

    private static void putChannel(int[] line, int shift, float[] data, int at) {
        for (int x = 0; x < line.length; x++) {
            data[at + x] = (line[x] >>> shift & 0xff) / HALF_RANGE - 1;
        }
    }

    /** ITU-R 601, as the authors' program. */
    private static void putLuma(int[] line, float[] data, int at) {
        for (int x = 0; x < line.length; x++) {
            float luma = 0.299f * (line[x] >> 16 & 0xff) + 0.587f * (line[x] >> 8 & 0xff) + 0.114f * (line[x] & 0xff);
            data[at + x] = luma / HALF_RANGE - 1;
        }
    }

    /** The inverse of {@link #tensor}: one image (1, C, H, W) as a grey, opaque or transparent picture. */
    public static BufferedImage picture(Tensor image) {
        return image.shape().channels() == 1 ? greyPicture(image) : colourPicture(image);
    }

    /** Into the raster itself: Java would take the levels for linear light. */
    private static BufferedImage greyPicture(Tensor image) {
        int height = image.shape().height();
        int width = image.shape().width();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        int[] levels = new int[height * width];
        Arrays.setAll(levels, i -> level(image.data()[i]));
        picture.getRaster().setSamples(0, 0, width, height, 0, levels);
        return picture;
    }

    private static BufferedImage colourPicture(Tensor image) {
        int channels = image.shape().channels();
        int width = image.shape().width();
        int area = image.shape().height() * width;
        int[][] lines = new int[image.shape().height()][width];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < area; i++) {
                lines[i / width][i % width] |= level(image.data()[c * area + i]) << SHIFTS[c];
            }
        }
        return ofLines(lines, channels == ARGB ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    }

    private static int[][] lines(BufferedImage picture) {
        return IntStream.range(0, picture.getHeight())
                .mapToObj(y -> line(picture, y))
                .toArray(int[][]::new);
    }

    /** As 0xAARRGGBB. Straight from the raster: by its colour model a pixel costs more than its decoding. */
    private static int[] line(BufferedImage picture, int y) {
        int width = picture.getWidth();
        if (picture.getType() != BufferedImage.TYPE_INT_RGB && picture.getType() != BufferedImage.TYPE_INT_ARGB) {
            return picture.getRGB(0, y, width, 1, null, 0, width);
        }
        int[] line = (int[]) picture.getRaster().getDataElements(0, y, width, 1, null);
        if (picture.getType() == BufferedImage.TYPE_INT_RGB) {
            for (int x = 0; x < width; x++) {
                line[x] |= 0xff << 24;
            }
        }
        return line;
    }

    private static BufferedImage ofLines(int[][] lines, int type) {
        BufferedImage picture = new BufferedImage(lines[0].length, lines.length, type);
        for (int y = 0; y < lines.length; y++) {
            picture.getRaster().setDataElements(0, y, lines[y].length, 1, lines[y]);
        }
        return picture;
    }

    private static int level(float value) {
        return Math.round((Math.max(-1, Math.min(1, value)) + 1) * HALF_RANGE);
    }
}
