package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The correct outputs of one input. */
public sealed interface Modes permits TruthModes, HueModes {

    /** The number of correct outputs. */
    int count();

    /** The index of the correct output that a translation matches; empty if it matches none. */
    OptionalInt match(Tensor translation);

    /**
     * The matches of several translations.
     *
     * @param histogram number of translations that match each correct output
     * @param nearNone number of translations that match no correct output
     */
    record Hits(List<Integer> histogram, int nearNone) {

        /** The share of correct outputs that at least one translation matches. */
        public double coverage() {
            return (double) histogram.stream().filter(hits -> hits > 0).count() / histogram.size();
        }

        /**
         * The total variation distance of the histogram to the uniform one, 0 to 1. Translations without a match count as a
         * further output, whose target share is 0.
         */
        public double distance() {
            double total = histogram.stream().mapToInt(Integer::intValue).sum() + nearNone;
            double uniform = 1.0 / histogram.size();
            return (histogram.stream()
                                    .mapToDouble(hits -> Math.abs(hits / total - uniform))
                                    .sum()
                            + nearNone / total)
                    / 2;
        }
    }

    /** Matches translations, (1, C', H, W) each. */
    default Hits hits(List<Tensor> translations) {
        Integer[] histogram = new Integer[count()];
        Arrays.fill(histogram, 0);
        int nearNone = 0;
        for (Tensor translation : translations) {
            OptionalInt mode = match(translation);
            if (mode.isPresent()) {
                histogram[mode.getAsInt()]++;
            } else {
                nearNone++;
            }
        }
        return new Hits(List.of(histogram), nearNone);
    }
}
