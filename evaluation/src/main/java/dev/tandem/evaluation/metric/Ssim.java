package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;

/**
 * The structural similarity (SSIM) of the luma of two images; 1 for identical images (Wang, Bovik, Sheikh and Simoncelli,
 * "Image Quality Assessment", IEEE TIP 2004).
 *
 * <p>The Gaussian window has 11 pixels and a standard deviation of 1.5. Only windows inside the image are used.
 */
public final class Ssim {
    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;
    private static final double[] GAUSSIAN = gaussian();

    private Ssim() {}

    /**
     * Computes the mean SSIM over all windows.
     *
     * @throws IllegalArgumentException if a side is shorter than the window
     */
    public static double of(Tensor a, Tensor b) {
        int width = a.shape().width();
        int height = a.shape().height();
        if (width < WINDOW || height < WINDOW) {
            throw new IllegalArgumentException("SSIM needs images of at least " + WINDOW
                    + " pixels in height and width, not " + width + "x" + height);
        }
        double[] x = Pixels.luma(a);
        double[] y = Pixels.luma(b);
        double[] meanX = blurred(x, width, height);
        double[] meanY = blurred(y, width, height);
        double[] xx = blurred(product(x, x), width, height);
        double[] yy = blurred(product(y, y), width, height);
        double[] xy = blurred(product(x, y), width, height);
        double sum = 0;
        for (int i = 0; i < meanX.length; i++) {
            double means = meanX[i] * meanY[i];
            double squares = meanX[i] * meanX[i] + meanY[i] * meanY[i];
            double luminance = (2 * means + C1) / (squares + C1);
            double structure = (2 * (xy[i] - means) + C2) / (xx[i] + yy[i] - squares + C2);
            sum += luminance * structure;
        }
        return sum / meanX.length;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        Arrays.setAll(product, i -> a[i] * b[i]);
        return product;
    }

    private static double[] blurred(double[] image, int width, int height) {
        int across = width - WINDOW + 1;
        int down = height - WINDOW + 1;
        double[] rows = new double[height * across];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < across; x++) {
                rows[y * across + x] = windowSum(image, y * width + x, 1);
            }
        }
        double[] blurred = new double[down * across];
        Arrays.setAll(blurred, i -> windowSum(rows, i, across));
        return blurred;
    }

    private static double windowSum(double[] values, int start, int stride) {
        double sum = 0;
        for (int k = 0; k < WINDOW; k++) {
            sum += GAUSSIAN[k] * values[start + k * stride];
        }
        return sum;
    }

    private static double[] gaussian() {
        double[] weights = new double[WINDOW];
        Arrays.setAll(weights, k -> Math.exp(-Math.pow((k - WINDOW / 2) / DEVIATION, 2) / 2));
        double sum = Arrays.stream(weights).sum();
        Arrays.setAll(weights, k -> weights[k] / sum);
        return weights;
    }
}
