package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The several true answers to one input. */
public sealed interface Modes permits TruthModes, HueModes {

    int count();

    /** Which of them a translation is, if it is near any. */
    OptionalInt of(Tensor translation);

    /**
     * What a number of translations make of them.
     *
     * @param histogram translations of each mode
     * @param nearNone translations that are near no mode
     */
    record Hits(List<Integer> histogram, int nearNone) {

        /** The share of modes that were hit. */
        public double coverage() {
            return (double) histogram.stream().filter(hits -> hits > 0).count() / histogram.size();
        }

        /** Total variation between the histogram of all translations and an even one, 0 to 1; near none counts as wrong. */
        public double distance() {
            double all = histogram.stream().mapToInt(Integer::intValue).sum() + nearNone;
            double even = 1.0 / histogram.size();
            return (histogram.stream()
                                    .mapToDouble(hits -> Math.abs(hits / all - even))
                                    .sum()
                            + nearNone / all)
                    / 2;
        }
    }

    default Hits hits(List<Tensor> translations) {
        Integer[] histogram = new Integer[count()];
        Arrays.fill(histogram, 0);
        int nearNone = 0;
        for (Tensor translation : translations) {
            OptionalInt mode = of(translation);
            if (mode.isPresent()) {
                histogram[mode.getAsInt()]++;
            } else {
                nearNone++;
            }
        }
        return new Hits(List.of(histogram), nearNone);
    }
}
