package dev.tandem.images.decode;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The EXIF orientation of an image: the transformation from its stored pixels to the upright image.
 *
 * <p>The names are those of ImageIO's standard metadata, which counts rotations counter-clockwise. The four numbers are the
 * matrix that maps stored coordinates to upright ones.
 */
enum Orientation {
    NORMAL("Normal", 1, 0, 0, 1),
    FLIP_H("FlipH", -1, 0, 0, 1),
    ROTATE_180("Rotate180", -1, 0, 0, -1),
    FLIP_V("FlipV", 1, 0, 0, -1),
    FLIP_V_ROTATE_90("FlipVRotate90", 0, 1, 1, 0),
    ROTATE_270("Rotate270", 0, -1, 1, 0),
    FLIP_H_ROTATE_90("FlipHRotate90", 0, -1, -1, 0),
    ROTATE_90("Rotate90", 0, 1, -1, 0);

    private static final String STANDARD = "javax_imageio_1.0";
    private static final String JPEG = "jpeg";

    private final String label;
    private final int xx;
    private final int xy;
    private final int yx;
    private final int yy;

    Orientation(String label, int xx, int xy, int yx, int yy) {
        this.label = label;
        this.xx = xx;
        this.xy = xy;
        this.yx = yx;
        this.yy = yy;
    }

    /** Whether images of this format can have an orientation: JPEG only. */
    static boolean isSupported(ImageReader reader) throws IOException {
        return reader.getFormatName().equalsIgnoreCase(JPEG);
    }

    /** Reads the orientation; {@link #NORMAL} if it is absent or unreadable, because the pixels are still valid. */
    static Orientation of(ImageReader reader) throws IOException {
        if (!isSupported(reader)) {
            return NORMAL;
        }
        try {
            Node root = reader.getImageMetadata(0).getAsTree(STANDARD);
            NodeList nodes = ((Element) root).getElementsByTagName("ImageOrientation");
            String label = nodes.getLength() == 0 ? NORMAL.label : ((Element) nodes.item(0)).getAttribute("value");
            return Arrays.stream(values())
                    .filter(orientation -> orientation.label.equals(label))
                    .findFirst()
                    .orElse(NORMAL);
        } catch (IOException | RuntimeException e) {
            return NORMAL;
        }
    }

    /** Returns the upright image. */
    BufferedImage applyTo(BufferedImage stored) {
        if (this == NORMAL) {
            return stored;
        }
        int width = stored.getWidth();
        int height = stored.getHeight();
        boolean transposed = xx == 0;
        BufferedImage upright =
                new BufferedImage(transposed ? height : width, transposed ? width : height, stored.getType());
        // The matrix can map the image to negative coordinates; the translation moves it back.
        int right = Math.max(0, -(xx * width + xy * height));
        int down = Math.max(0, -(yx * width + yy * height));
        Graphics2D graphics = upright.createGraphics();
        graphics.drawImage(stored, new AffineTransform(xx, yx, xy, yy, right, down), null);
        graphics.dispose();
        return upright;
    }
}
