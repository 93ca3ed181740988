package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.metric.Modes.Hits;
import dev.tandem.evaluation.report.Figure;
import dev.tandem.evaluation.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** Measures whether the samples of an input include all its correct outputs, and equally often. */
public final class Coverage implements Measure {
    private final Means all = means("", "an input's correct outputs");
    private final Map<Integer, Means> byModeCount = new TreeMap<>();

    @Override
    public void add(TestInput input, Samples samples) {
        input.modes().ifPresent(modes -> {
            int modeCount = modes.count();
            Hits hits = modes.hits(samples.asList());
            add(all, "", modeCount, samples.count(), hits);
            add(
                    byModeCount.computeIfAbsent(modeCount, Coverage::means),
                    "Of" + modeCount,
                    modeCount,
                    samples.count(),
                    hits);
        });
    }

    @Override
    public Section section() {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("inputs", all.count("coverage"));
        byModeCount.forEach((count, means) -> facts.put("inputsOf" + count, means.count("coverageOf" + count)));
        if (byModeCount.isEmpty()) {
            facts.put(Section.NOTE, "no input has several correct outputs");
        }
        List<Figure> figures = new ArrayList<>(all.figures());
        if (byModeCount.size() > 1) {
            byModeCount.values().forEach(means -> figures.addAll(means.figures()));
        }
        return new Section("covers", "Coverage: do the samples include all correct outputs?", facts, figures);
    }

    private static void add(Means means, String suffix, int modes, int samples, Hits hits) {
        means.add("coverage" + suffix, hits.coverage());
        means.add("coverageOfTruth" + suffix, 1 - Math.pow(1 - 1.0 / modes, samples));
        means.add("distance" + suffix, hits.distance());
        means.add("distanceOfTruth" + suffix, expectedDistance(modes, samples));
        means.add("nearNone" + suffix, (double) hits.nearNone() / samples);
    }

    private static Means means(int modes) {
        return means("Of" + modes, "the " + modes + " correct outputs");
    }

    private static Means means(String suffix, String outputs) {
        return new Means()
                .with("coverage" + suffix, "share of " + outputs + " that at least one sample matches")
                .with("coverageOfTruth" + suffix, "expected share for as many random draws from " + outputs)
                .with(
                        "distance" + suffix,
                        "distance of the samples' histogram over " + outputs
                                + " from the uniform one (total variation, 0 to 1)")
                .with("distanceOfTruth" + suffix, "expected distance for as many random draws from " + outputs)
                .with("nearNone" + suffix, "share of samples that match none of " + outputs);
    }

    /** The expected total variation distance of a histogram of draws from equally likely modes to the uniform one. */
    private static double expectedDistance(int modes, int samples) {
        BinomialDistribution hits = new BinomialDistribution(samples, 1.0 / modes);
        return modes
                * IntStream.rangeClosed(0, samples)
                        .mapToDouble(i -> hits.probability(i) * Math.abs((double) i / samples - 1.0 / modes))
                        .sum()
                / 2;
    }
}
