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
 * How a camera was held (EXIF): what is stored is turned and mirrored against what is meant. Names as in ImageIO's
 * standard metadata, which counts counter-clockwise; the numbers of each are those of the matrix that sets it right.
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

    static boolean isTold(ImageReader reader) throws IOException {
        return reader.getFormatName().equalsIgnoreCase(JPEG);
    }

    /** Upright where nothing is told, or nothing that can be read: the picture is none the worse for it. */
    static Orientation of(ImageReader reader) throws IOException {
        if (!isTold(reader)) {
            return NORMAL;
        }
        try {
            Node root = reader.getImageMetadata(0).getAsTree(STANDARD);
            NodeList told = ((Element) root).getElementsByTagName("ImageOrientation");
            String label = told.getLength() == 0 ? NORMAL.label : ((Element) told.item(0)).getAttribute("value");
            return Arrays.stream(values())
                    .filter(each -> each.label.equals(label))
                    .findFirst()
                    .orElse(NORMAL);
        } catch (IOException | RuntimeException e) {
            return NORMAL;
        }
    }

    /** The picture as it is meant. */
    BufferedImage upright(BufferedImage stored) {
        if (this == NORMAL) {
            return stored;
        }
        int width = stored.getWidth();
        int height = stored.getHeight();
        boolean onItsSide = xx == 0;
        BufferedImage upright =
                new BufferedImage(onItsSide ? height : width, onItsSide ? width : height, stored.getType());
        // What would come to lie left of or above the picture is moved into it.
        int right = Math.max(0, -(xx * width + xy * height));
        int down = Math.max(0, -(yx * width + yy * height));
        Graphics2D graphics = upright.createGraphics();
        graphics.drawImage(stored, new AffineTransform(xx, yx, xy, yy, right, down), null);
        graphics.dispose();
        return upright;
    }
}
