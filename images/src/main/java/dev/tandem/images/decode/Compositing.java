package dev.tandem.images.decode;

import java.awt.Dimension;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Operations on whole images of type RGB or ARGB. They keep levels exactly. */
final class Compositing {
    private Compositing() {}

    /** Puts a frame on a transparent canvas, which contains it. */
    static BufferedImage onCanvas(BufferedImage frame, Point offset, Dimension size) {
        if (frame.getWidth() == size.width && frame.getHeight() == size.height) {
            return frame;
        }
        BufferedImage canvas = new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_ARGB);
        copy(frame, canvas, offset, pixel -> pixel);
        return canvas;
    }

    /** Returns the image composited onto white. */
    static BufferedImage onWhite(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_INT_RGB
                ? image
                : converted(image, BufferedImage.TYPE_INT_RGB, Alpha::onWhite);
    }

    /** Returns the image without alpha; the colours of transparent pixels appear. */
    static BufferedImage opaque(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_INT_RGB
                ? image
                : converted(image, BufferedImage.TYPE_INT_RGB, pixel -> pixel | Pixels.OPAQUE);
    }

    static BufferedImage withAlpha(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_INT_ARGB
                ? image
                : converted(image, BufferedImage.TYPE_INT_ARGB, pixel -> pixel | Pixels.OPAQUE);
    }

    private static BufferedImage converted(BufferedImage image, int type, IntUnaryOperator operation) {
        BufferedImage converted = new BufferedImage(image.getWidth(), image.getHeight(), type);
        copy(image, converted, new Point(), operation);
        return converted;
    }

    private static void copy(BufferedImage from, BufferedImage to, Point offset, IntUnaryOperator operation) {
        int[] row = new int[from.getWidth()];
        for (int y = 0; y < from.getHeight(); y++) {
            from.getRaster().getDataElements(0, y, row.length, 1, row);
            Arrays.setAll(row, x -> operation.applyAsInt(row[x]));
            to.getRaster().setDataElements(offset.x, offset.y + y, row.length, 1, row);
        }
    }
}
