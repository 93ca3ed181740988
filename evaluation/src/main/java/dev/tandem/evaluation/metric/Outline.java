package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Whether the lines of an input are still there in its translation. */
public final class Outline {
    private static final double DARK = 0.5;
    /** Of the steepest edge there can be, from black to white. */
    private static final double EDGE = 0.25;

    private static final double STEEPEST = 4;
    /** How far an edge may have moved, in pixels. */
    private static final int SLACK = 1;

    private final int width;
    private final int height;
    private final double[] input;
    private final boolean[] edges;

    public Outline(Tensor a) {
        this.width = a.shape().width();
        this.height = a.shape().height();
        this.input = Pixels.luma(a);
        this.edges = edges(input);
    }

    /** The share of an input's dark pixels that are dark in the translation; none if the input has no dark lines. */
    public OptionalDouble darkRecall(Tensor b) {
        double[] luma = Pixels.luma(b);
        return IntStream.range(0, input.length)
                .filter(i -> input[i] < DARK)
                .mapToDouble(i -> luma[i] < DARK ? 1 : 0)
                .average();
    }

    /** The share of the input's edge pixels with an edge of the translation at most a pixel away; none without edges. */
    public OptionalDouble edgeRecall(Tensor b) {
        return near(edges, edges(Pixels.luma(b)));
    }

    /** The share of the translation's edge pixels with an edge of the input at most a pixel away; none without edges. */
    public OptionalDouble edgePrecision(Tensor b) {
        return near(edges(Pixels.luma(b)), edges);
    }

    private OptionalDouble near(boolean[] some, boolean[] others) {
        return IntStream.range(0, some.length)
                .filter(i -> some[i])
                .mapToDouble(i -> hasNeighbour(others, i % width, i / width) ? 1 : 0)
                .average();
    }

    private boolean hasNeighbour(boolean[] mask, int x, int y) {
        for (int v = Math.max(0, y - SLACK); v <= Math.min(height - 1, y + SLACK); v++) {
            for (int u = Math.max(0, x - SLACK); u <= Math.min(width - 1, x + SLACK); u++) {
                if (mask[v * width + u]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where Sobel's gradient is steep; the border has no edges. */
    private boolean[] edges(double[] luma) {
        boolean[] steep = new boolean[luma.length];
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                int i = y * width + x;
                double across = difference(luma, i, 1, width);
                double down = difference(luma, i, width, 1);
                steep[i] = Math.hypot(across, down) / STEEPEST > EDGE;
            }
        }
        return steep;
    }

    private static double difference(double[] luma, int i, int along, int aside) {
        return luma[i + along - aside]
                + 2 * luma[i + along]
                + luma[i + along + aside]
                - luma[i - along - aside]
                - 2 * luma[i - along]
                - luma[i - along + aside];
    }
}
