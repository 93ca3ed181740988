package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The true Bs of one input. They are distinguished by their mean colour over the pixels in which they differ (for skin
 * tones: by the tone).
 *
 * <p>A translation matches the truth with the nearest mean colour. It matches none if this distance is at least half
 * the mean distance between two truths.
 */
public final class TruthModes implements Modes {
    private final MeanColour colour;
    private final List<double[]> truths;
    private final double maxDistance;

    /** @param truths two or more, all different */
    public TruthModes(List<Tensor> truths) {
        this.colour = MeanColour.whereDifferent(truths);
        this.truths = truths.stream().map(colour::of).toList();
        this.maxDistance = IntStream.range(0, truths.size())
                        .boxed()
                        .flatMap(i -> this.truths.subList(0, i).stream()
                                .map(other -> MeanColour.distance(this.truths.get(i), other)))
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow()
                / 2;
    }

    @Override
    public int count() {
        return truths.size();
    }

    @Override
    public OptionalInt match(Tensor translation) {
        double[] translationColour = colour.of(translation);
        double[] distances = truths.stream()
                .mapToDouble(truth -> MeanColour.distance(truth, translationColour))
                .toArray();
        int nearest = IntStream.range(0, distances.length)
                .reduce((i, j) -> distances[j] < distances[i] ? j : i)
                .orElseThrow();
        return distances[nearest] < maxDistance ? OptionalInt.of(nearest) : OptionalInt.empty();
    }
}
