package dev.tandem.datasets.records;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.awt.image.BufferedImage;

/** The edges of a picture, dark on white, as one would draw its outlines. */
final class Edges {
    /** Pixels, so that grain is no edge. */
    private static final double BLUR = 1.2;
    /** Edges of things are seldom as strong as from black to white. */
    private static final double GAIN = 1.8;

    private Edges() {}

    /** Sobel's gradient of the blurred luma, inverted. */
    static BufferedImage of(BufferedImage picture) {
        ByteProcessor grey = new ColorProcessor(picture).convertToByteProcessor();
        grey.blurGaussian(BLUR);
        grey.findEdges();
        grey.multiply(GAIN);
        grey.invert();
        return grey.getBufferedImage();
    }
}
