package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.config.ImageSettings.Scaling;
import dev.tandem.config.ImageSize;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/**
 * Gives decoded images the model's size, as the settings {@code images.fit} and {@code images.resize} require.
 *
 * <p>Images of one size always get the same geometry, so A and B of a pair stay aligned.
 */
public record ImageScaler(Scaling scaling, ImageSize modelSize) {

    /**
     * A part of a frame that images are fitted to.
     *
     * @param width width of the whole frame
     * @param height height of the whole frame
     * @param part the part that is returned
     */
    public record Frame(int width, int height, Crop part) {}

    /** Scales an input of the model. */
    public BufferedImage a(BufferedImage image) {
        return a(image, wholeFrame());
    }

    /** Scales an output of the model, or an image that gives a style. */
    public BufferedImage b(BufferedImage image) {
        return b(image, wholeFrame());
    }

    /** Fits an input of the model to a frame and returns its part. */
    public BufferedImage a(BufferedImage image, Frame frame) {
        return scaled(image, frame, scaling.a());
    }

    /** Fits an output of the model to a frame and returns its part. */
    public BufferedImage b(BufferedImage image, Frame frame) {
        return scaled(image, frame, scaling.b());
    }

    private Frame wholeFrame() {
        return new Frame(modelSize.width(), modelSize.height(), new Crop(0, 0, modelSize.width(), modelSize.height()));
    }

    private BufferedImage scaled(BufferedImage image, Frame frame, Filter filter) {
        Placement placement =
                Placement.of(scaling.fit(), image.getWidth(), image.getHeight(), frame.width(), frame.height());
        BufferedImage used = Images.crop(image, placement.source());
        Crop target = placement.target();
        Rectangle part = rectangle(frame.part());
        Rectangle visible = part.intersection(rectangle(target));
        if (visible.isEmpty()) {
            return padding(image, part);
        }
        Crop visibleOfTarget = new Crop(visible.x - target.x(), visible.y - target.y(), visible.width, visible.height);
        BufferedImage resized = Images.resized(used, target.width(), target.height(), visibleOfTarget, filter);
        return visible.equals(part) ? resized : padded(resized, visible, part);
    }

    private static BufferedImage padded(BufferedImage image, Rectangle visible, Rectangle part) {
        BufferedImage padded = padding(image, part);
        Graphics2D graphics = padded.createGraphics();
        graphics.setComposite(AlphaComposite.Src);
        graphics.drawImage(image, visible.x - part.x, visible.y - part.y, null);
        graphics.dispose();
        return padded;
    }

    /** White, or transparent for images with alpha. */
    private static BufferedImage padding(BufferedImage image, Rectangle size) {
        if (image.getColorModel().hasAlpha()) {
            return new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_ARGB);
        }
        BufferedImage white = new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = white.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, size.width, size.height);
        graphics.dispose();
        return white;
    }

    private static Rectangle rectangle(Crop crop) {
        return new Rectangle(crop.x(), crop.y(), crop.width(), crop.height());
    }
}
