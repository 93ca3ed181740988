package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;

/** Comparison of images pixel by pixel, and their luma. */
public final class Pixels {
    private static final double[] LUMA = {0.299, 0.587, 0.114};

    private Pixels() {}

    /** The mean absolute difference of two images of one shape, 0 to 1. */
    public static double l1(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new IllegalArgumentException("the shapes differ: " + a.shape() + " and " + b.shape());
        }
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += Math.abs(a.data()[i] - b.data()[i]);
        }
        return sum / a.data().length / 2;
    }

    /** The luma of each pixel (ITU-R 601), 0 to 1, row by row. */
    public static double[] luma(Tensor image) {
        int area = image.shape().height() * image.shape().width();
        int colours = image.shape().channels() < LUMA.length ? 1 : LUMA.length;
        double[] luma = new double[area];
        for (int c = 0; c < colours; c++) {
            for (int i = 0; i < area; i++) {
                luma[i] += (colours == 1 ? 1 : LUMA[c]) * (image.data()[c * area + i] + 1) / 2;
            }
        }
        return luma;
    }
}
