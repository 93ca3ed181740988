package dev.tandem.pipeline.decode;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/** What is done to decoded pictures, RGB or ARGB. */
public final class Pictures {
    private static final float HALF_RANGE = 127.5f;

    private Pictures() {}

    /** Bicubic, as Pillow's BICUBIC. */
    public static BufferedImage resized(BufferedImage picture, int width, int height) {
        return resized(picture, width, height, 0, 0, width, height);
    }

    /** The part at (x, y) of a picture that was resized; what lies around it is not computed. */
    public static BufferedImage resized(
            BufferedImage picture, int width, int height, int x, int y, int partWidth, int partHeight) {
        if (picture.getWidth() == width && picture.getHeight() == height) {
            return part(picture, x, y, partWidth, partHeight);
        }
        Resize resize = Resize.of(
                picture.getWidth(), picture.getHeight(), width, height, new Resize.Part(x, y, partWidth, partHeight));
        boolean alpha = picture.getColorModel().hasAlpha();
        Levels resized = Levels.of(pixels(picture), alpha).map(resize::apply);
        return ofPixels(resized.pixels(), partWidth, partHeight, alpha);
    }

    public static BufferedImage part(BufferedImage picture, int x, int y, int width, int height) {
        return picture.getSubimage(x, y, width, height);
    }

    /**
     * (1, C, H, W) in [-1, 1], mirrored left to right if asked; with one channel the luma, with three the colours before
     * white, with four the colours and the alpha.
     */
    public static Tensor tensor(BufferedImage picture, int channels, boolean mirrored) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int area = width * height;
        int[] pixels = pixels(picture);
        float[] data = new float[channels * area];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = pixels[y * width + (mirrored ? width - 1 - x : x)];
                put(data, area, y * width + x, channels == 4 ? pixel : onWhite(pixel), channels);
            }
        }
        return new Tensor(Shape.of(1, channels, height, width), data);
    }

    private static void put(float[] data, int area, int at, int pixel, int channels) {
        int red = pixel >> 16 & 0xff;
        int green = pixel >> 8 & 0xff;
        int blue = pixel & 0xff;
        if (channels == 1) {
            // ITU-R 601, as the authors' program.
            data[at] = (0.299f * red + 0.587f * green + 0.114f * blue) / HALF_RANGE - 1;
            return;
        }
        data[at] = red / HALF_RANGE - 1;
        data[area + at] = green / HALF_RANGE - 1;
        data[2 * area + at] = blue / HALF_RANGE - 1;
        if (channels == 4) {
            data[3 * area + at] = (pixel >>> 24) / HALF_RANGE - 1;
        }
    }

    private static int onWhite(int pixel) {
        int alpha = pixel >>> 24;
        return alpha == 255
                ? pixel
                : onWhite(pixel >> 16 & 0xff, alpha) << 16
                        | onWhite(pixel >> 8 & 0xff, alpha) << 8
                        | onWhite(pixel & 0xff, alpha);
    }

    /** A level, 0 to 255, seen before white. */
    static int onWhite(int level, int alpha) {
        return (level * alpha + 255 * (255 - alpha)) / 255;
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
        int height = image.shape().height();
        int width = image.shape().width();
        int area = width * height;
        boolean transparent = image.shape().channels() == 4;
        int[] pixels = new int[area];
        for (int i = 0; i < area; i++) {
            int alpha = transparent ? level(image.data()[3 * area + i]) : 255;
            pixels[i] = alpha << 24
                    | level(image.data()[i]) << 16
                    | level(image.data()[area + i]) << 8
                    | level(image.data()[2 * area + i]);
        }
        return ofPixels(pixels, width, height, transparent);
    }

    /** As 0xAARRGGBB, row by row. Straight from the raster: by its colour model a pixel costs more than its decoding. */
    private static int[] pixels(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        if (picture.getType() != BufferedImage.TYPE_INT_RGB && picture.getType() != BufferedImage.TYPE_INT_ARGB) {
            return picture.getRGB(0, 0, width, height, null, 0, width);
        }
        int[] pixels = (int[]) picture.getRaster().getDataElements(0, 0, width, height, null);
        if (picture.getType() == BufferedImage.TYPE_INT_RGB) {
            Arrays.setAll(pixels, i -> pixels[i] | 0xff << 24);
        }
        return pixels;
    }

    private static BufferedImage ofPixels(int[] pixels, int width, int height, boolean alpha) {
        BufferedImage picture =
                new BufferedImage(width, height, alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        picture.getRaster().setDataElements(0, 0, width, height, pixels);
        return picture;
    }

    private static int level(float value) {
        return Math.round((Math.max(-1, Math.min(1, value)) + 1) * HALF_RANGE);
    }
}
