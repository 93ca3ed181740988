package dev.tandem.datasets.records;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.awt.image.BufferedImage;

/** Detects the edges of an image and draws them dark on white, like a line drawing. */
final class Edges {
    /** Standard deviation in pixels. The blur removes grain, which would give edges. */
    private static final double BLUR = 1.2;
    /** Amplification, because edges of objects rarely have the full contrast of black and white. */
    private static final double GAIN = 1.8;

    private Edges() {}

    /** Returns the inverted Sobel gradient of the blurred luma. */
    static BufferedImage of(BufferedImage image) {
        ByteProcessor grey = new ColorProcessor(image).convertToByteProcessor();
        grey.blurGaussian(BLUR);
        grey.findEdges();
        grey.multiply(GAIN);
        grey.invert();
        return grey.getBufferedImage();
    }
}
