package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.metric.Modes;
import dev.tandem.evaluation.metric.Modes.Hits;
import dev.tandem.evaluation.report.Figure;
import dev.tandem.evaluation.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** Whether each of several true answers is among the samples, and as often as the others. */
public final class Coverage implements Measure {
    private final Means all = means("", "an input's");
    private final Map<Integer, Means> ofModes = new TreeMap<>();

    @Override
    public void add(TestInput input, Samples samples) {
        input.modes().ifPresent(modes -> {
            int count = modes.count();
            Hits hits = modes.hits(samples.each());
            add(all, "", modes, samples, hits);
            add(ofModes.computeIfAbsent(count, Coverage::means), "Of" + count, modes, samples, hits);
        });
    }

    @Override
    public Section section() {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("inputs", all.count("coverage"));
        ofModes.forEach((count, means) -> facts.put("inputsOf" + count, means.count("coverageOf" + count)));
        List<Figure> figures = new ArrayList<>(all.figures());
        if (ofModes.size() > 1) {
            ofModes.values().forEach(means -> figures.addAll(means.figures()));
        }
        return new Section(
                "covers", "Covers the truth: are all true answers of an input among its samples?", facts, figures);
    }

    private static void add(Means means, String of, Modes modes, Samples samples, Hits hits) {
        int drawn = samples.pictures().shape().batch();
        means.add("coverage" + of, hits.coverage());
        means.add("coverageOfTruth" + of, 1 - Math.pow(1 - 1.0 / modes.count(), drawn));
        means.add("distance" + of, hits.distance());
        means.add("distanceOfTruth" + of, expectedDistance(modes.count(), drawn));
        means.add("nearNone" + of, (double) hits.nearNone() / drawn);
    }

    private static Means means(int modes) {
        return means("Of" + modes, Integer.toString(modes));
    }

    private static Means means(String of, String modes) {
        return new Means()
                .with("coverage" + of, "share of " + modes + " true answers that are hit by the samples")
                .with("coverageOfTruth" + of, "that share, expected of as many draws of the truth")
                .with(
                        "distance" + of,
                        "total variation between the histogram over " + modes + " answers and an even one, 0 to 1")
                .with("distanceOfTruth" + of, "that distance, expected of as many draws of the truth")
                .with("nearNone" + of, "share of samples that are none of " + modes + " true answers");
    }

    /** Of a histogram of draws from modes that are all as likely. */
    private static double expectedDistance(int modes, int samples) {
        BinomialDistribution hits = new BinomialDistribution(samples, 1.0 / modes);
        return modes
                * IntStream.rangeClosed(0, samples)
                        .mapToDouble(i -> hits.probability(i) * Math.abs((double) i / samples - 1.0 / modes))
                        .sum()
                / 2;
    }
}
