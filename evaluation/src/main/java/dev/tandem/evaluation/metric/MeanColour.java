package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** The mean colour of some places of a picture, one number from -1 to 1 for each channel. */
final class MeanColour {
    /** A difference in any channel that some truths must have for a place to count, in [-1, 1]. */
    private static final float DIFFERENT = 0.1f;

    private final int[] places;

    private MeanColour(int[] places) {
        this.places = places;
    }

    /** Of the places where some of these pictures differ from others. */
    static MeanColour whereDifferent(List<Tensor> pictures) {
        int area = area(pictures.get(0));
        int channels = pictures.get(0).shape().channels();
        return new MeanColour(IntStream.range(0, area)
                .filter(place ->
                        IntStream.range(0, channels).anyMatch(channel -> differ(pictures, channel * area + place)))
                .toArray());
    }

    double[] of(Tensor picture) {
        int area = area(picture);
        return IntStream.range(0, picture.shape().channels())
                .mapToDouble(channel -> IntStream.of(places)
                        .mapToDouble(place -> picture.data()[channel * area + place])
                        .average()
                        .orElse(0))
                .toArray();
    }

    /** Euclidean. */
    static double distance(double[] colour, double[] other) {
        return Math.sqrt(IntStream.range(0, colour.length)
                .mapToDouble(i -> (colour[i] - other[i]) * (colour[i] - other[i]))
                .sum());
    }

    private static boolean differ(List<Tensor> pictures, int index) {
        double most = pictures.stream()
                .mapToDouble(picture -> picture.data()[index])
                .max()
                .orElseThrow();
        double least = pictures.stream()
                .mapToDouble(picture -> picture.data()[index])
                .min()
                .orElseThrow();
        return most - least > DIFFERENT;
    }

    private static int area(Tensor picture) {
        return picture.shape().height() * picture.shape().width();
    }
}
