package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;

/** Pixel by pixel. */
public final class Pixels {
    private static final double[] LUMA = {0.299, 0.587, 0.114};

    private Pixels() {}

    /** Mean absolute difference, 0 to 1. */
    public static double l1(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new IllegalArgumentException(a.shape() + " cannot be compared with " + b.shape());
        }
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += Math.abs(a.data()[i] - b.data()[i]);
        }
        return sum / a.data().length / 2;
    }

    /** Brightness of every pixel (ITU-R 601), 0 to 1, row by row. */
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
