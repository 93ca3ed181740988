package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** The mean colour over selected pixels of an image: for each channel a number from -1 to 1. */
final class MeanColour {
    /** A pixel is selected if a channel varies by more than this over the images, in [-1, 1]. */
    private static final float MIN_DIFFERENCE = 0.1f;

    private final int[] pixels;

    private MeanColour(int[] pixels) {
        this.pixels = pixels;
    }

    /** Selects the pixels in which these images differ. */
    static MeanColour whereDifferent(List<Tensor> images) {
        int area = area(images.get(0));
        int channels = images.get(0).shape().channels();
        return new MeanColour(IntStream.range(0, area)
                .filter(pixel ->
                        IntStream.range(0, channels).anyMatch(channel -> differ(images, channel * area + pixel)))
                .toArray());
    }

    /** The mean colour of an image, one number for each channel. */
    double[] of(Tensor image) {
        int area = area(image);
        return IntStream.range(0, image.shape().channels())
                .mapToDouble(channel -> IntStream.of(pixels)
                        .mapToDouble(pixel -> image.data()[channel * area + pixel])
                        .average()
                        .orElse(0))
                .toArray();
    }

    /** The Euclidean distance of two colours. */
    static double distance(double[] colour, double[] other) {
        return Math.sqrt(IntStream.range(0, colour.length)
                .mapToDouble(i -> (colour[i] - other[i]) * (colour[i] - other[i]))
                .sum());
    }

    private static boolean differ(List<Tensor> images, int index) {
        double max =
                images.stream().mapToDouble(image -> image.data()[index]).max().orElseThrow();
        double min =
                images.stream().mapToDouble(image -> image.data()[index]).min().orElseThrow();
        return max - min > MIN_DIFFERENCE;
    }

    private static int area(Tensor image) {
        return image.shape().height() * image.shape().width();
    }
}
