package dev.tandem.pipeline.decode;

import com.twelvemonkeys.image.ResampleOp;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;

/** What is done to decoded pictures, all of them opaque RGB. */
public final class Pictures {
    private static final float HALF_RANGE = 127.5f;

    private Pictures() {}

    /** Bicubic (Catmull-Rom) with area filtering when it shrinks, as Pillow's BICUBIC. */
    public static BufferedImage resized(BufferedImage picture, int width, int height) {
        if (picture.getWidth() == width && picture.getHeight() == height) {
            return picture;
        }
        BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        return new ResampleOp(width, height, ResampleOp.FILTER_CATROM).filter(picture, target);
    }

    public static BufferedImage part(BufferedImage picture, int x, int y, int width, int height) {
        return picture.getSubimage(x, y, width, height);
    }

    /** (1, 3, H, W) in [-1, 1], mirrored left to right if asked. */
    public static Tensor tensor(BufferedImage picture, boolean mirrored) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int area = width * height;
        int[] rgb = picture.getRGB(0, 0, width, height, null, 0, width);
        float[] data = new float[3 * area];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = rgb[y * width + (mirrored ? width - 1 - x : x)];
                int at = y * width + x;
                data[at] = (pixel >> 16 & 0xff) / HALF_RANGE - 1;
                data[area + at] = (pixel >> 8 & 0xff) / HALF_RANGE - 1;
                data[2 * area + at] = (pixel & 0xff) / HALF_RANGE - 1;
            }
        }
        return new Tensor(Shape.of(1, 3, height, width), data);
    }

    /** The inverse of {@link #tensor}: one image (1, 3, H, W) as a picture. */
    public static BufferedImage picture(Tensor image) {
        int height = image.shape().height();
        int width = image.shape().width();
        int area = width * height;
        int[] rgb = new int[area];
        for (int i = 0; i < area; i++) {
            rgb[i] = level(image.data()[i]) << 16
                    | level(image.data()[area + i]) << 8
                    | level(image.data()[2 * area + i]);
        }
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, rgb, 0, width);
        return picture;
    }

    private static int level(float value) {
        return Math.round((Math.max(-1, Math.min(1, value)) + 1) * HALF_RANGE);
    }
}
