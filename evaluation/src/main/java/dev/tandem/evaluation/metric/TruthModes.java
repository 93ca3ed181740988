package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * True pictures that one input has, told apart by their mean colour where they differ (for skin tones: by the tone).
 *
 * <p>A translation is the truth whose colour is nearest to its own, if it is nearer than half of what two truths lie
 * apart on average.
 */
public final class TruthModes implements Modes {
    private final MeanColour colour;
    private final List<double[]> truths;
    private final double reach;

    /** @param truths two or more, no two the same */
    public TruthModes(List<Tensor> truths) {
        this.colour = MeanColour.whereDifferent(truths);
        this.truths = truths.stream().map(colour::of).toList();
        this.reach = IntStream.range(0, truths.size())
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
    public OptionalInt of(Tensor translation) {
        double[] own = colour.of(translation);
        double[] distances = truths.stream()
                .mapToDouble(truth -> MeanColour.distance(truth, own))
                .toArray();
        int nearest = IntStream.range(0, distances.length)
                .reduce((i, j) -> distances[j] < distances[i] ? j : i)
                .orElseThrow();
        return distances[nearest] < reach ? OptionalInt.of(nearest) : OptionalInt.empty();
    }
}
