package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Compares the lines and edges of an input with those of an image, such as its translation. */
public final class Outline {
    /** Pixels with a luma below this are dark. */
    private static final double DARK = 0.5;
    /** Pixels with a gradient above this share of {@link #MAX_GRADIENT} are edges. */
    private static final double EDGE = 0.25;
    /** Sobel gradient of a vertical or horizontal edge from black to white. */
    private static final double MAX_GRADIENT = 4;
    /** Largest distance, in pixels, at which two edges match. */
    private static final int TOLERANCE = 1;

    private final int width;
    private final int height;
    private final double[] input;
    private final boolean[] edges;

    /** @param a the input, (1, C, H, W) */
    public Outline(Tensor a) {
        this.width = a.shape().width();
        this.height = a.shape().height();
        this.input = Pixels.luma(a);
        this.edges = edges(input);
    }

    /** The share of the input's dark pixels that are dark in {@code b}; empty if the input has no dark pixels. */
    public OptionalDouble darkRecall(Tensor b) {
        double[] luma = Pixels.luma(b);
        return IntStream.range(0, input.length)
                .filter(i -> input[i] < DARK)
                .mapToDouble(i -> luma[i] < DARK ? 1 : 0)
                .average();
    }

    /** The share of the input's edge pixels with an edge of {@code b} within one pixel; empty if the input has no edges. */
    public OptionalDouble edgeRecall(Tensor b) {
        return shareNear(edges, edges(Pixels.luma(b)));
    }

    /** The share of {@code b}'s edge pixels with an edge of the input within one pixel; empty if {@code b} has no edges. */
    public OptionalDouble edgePrecision(Tensor b) {
        return shareNear(edges(Pixels.luma(b)), edges);
    }

    private OptionalDouble shareNear(boolean[] pixels, boolean[] targets) {
        return IntStream.range(0, pixels.length)
                .filter(i -> pixels[i])
                .mapToDouble(i -> hasNeighbour(targets, i % width, i / width) ? 1 : 0)
                .average();
    }

    private boolean hasNeighbour(boolean[] mask, int x, int y) {
        for (int v = Math.max(0, y - TOLERANCE); v <= Math.min(height - 1, y + TOLERANCE); v++) {
            for (int u = Math.max(0, x - TOLERANCE); u <= Math.min(width - 1, x + TOLERANCE); u++) {
                if (mask[v * width + u]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The pixels with a steep Sobel gradient; the border has none. */
    private boolean[] edges(double[] luma) {
        boolean[] steep = new boolean[luma.length];
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                int i = y * width + x;
                double horizontal = difference(luma, i, 1, width);
                double vertical = difference(luma, i, width, 1);
                steep[i] = Math.hypot(horizontal, vertical) / MAX_GRADIENT > EDGE;
            }
        }
        return steep;
    }

    /**
     * One component of the Sobel gradient.
     *
     * @param step index distance in the direction of the gradient
     * @param side index distance in the other direction
     */
    private static double difference(double[] luma, int i, int step, int side) {
        return luma[i + step - side]
                + 2 * luma[i + step]
                + luma[i + step + side]
                - luma[i - step - side]
                - 2 * luma[i - step]
                - luma[i - step + side];
    }
}
