package dev.tandem.datasets.translate;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws the frames of an interpolation: inputs in the upper row, their translations in the lower row. */
public final class GifFrames {
    /** The format stores width and height in 16 bits. */
    private static final int MAX_GIF_WIDTH = 65_535;

    private static final int BORDER = 2;

    private GifFrames() {}

    /** How many images fit side by side, for images of a width in pixels. */
    public static int maxImages(int width) {
        return (MAX_GIF_WIDTH + BORDER) / (width + BORDER);
    }

    /** @param inputs as many as translations, all of one size */
    public static BufferedImage draw(List<BufferedImage> inputs, List<BufferedImage> translations) {
        int width = inputs.get(0).getWidth();
        int height = inputs.get(0).getHeight();
        BufferedImage frame = new BufferedImage(
                inputs.size() * (width + BORDER) - BORDER, 2 * height + BORDER, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = frame.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, frame.getWidth(), frame.getHeight());
        for (int i = 0; i < inputs.size(); i++) {
            graphics.drawImage(inputs.get(i), i * (width + BORDER), 0, null);
            graphics.drawImage(translations.get(i), i * (width + BORDER), height + BORDER, null);
        }
        graphics.dispose();
        return frame;
    }
}
