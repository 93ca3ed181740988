package dev.tandem.app.evaluate.measure;

import dev.tandem.app.evaluate.data.TestInput;
import dev.tandem.app.evaluate.data.Translations.Samples;
import dev.tandem.app.evaluate.metric.Modes.Hits;
import dev.tandem.app.evaluate.report.Section;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** Whether each of several true answers is among the samples, and as often as the others. */
public final class Covers implements Measure {
    private final Map<Integer, Means> ofModes = new TreeMap<>();
    private final Map<Integer, Integer> inputs = new TreeMap<>();

    @Override
    public void add(TestInput input, Samples samples) {
        input.modes().ifPresent(modes -> {
            int count = samples.pictures().shape().batch();
            Hits hits = modes.hits(IntStream.range(0, count)
                    .<Tensor>mapToObj(i -> samples.pictures().rows(i, i + 1))
                    .toList());
            add(modes.count(), count, hits);
        });
    }

    @Override
    public Section section() {
        Map<String, String> facts = new TreeMap<>();
        inputs.forEach((modes, count) -> facts.put("inputsOf" + modes, Integer.toString(count)));
        return new Section(
                "covers",
                "Covers the truth: are all true answers of an input among its samples?",
                facts,
                ofModes.values().stream()
                        .flatMap(means -> means.figures().stream())
                        .toList());
    }

    private void add(int modes, int samples, Hits hits) {
        String of = "Of" + modes;
        Means means = ofModes.computeIfAbsent(modes, Covers::means);
        inputs.merge(modes, 1, Integer::sum);
        means.add("coverage" + of, hits.coverage());
        means.add("coverageOfTruth" + of, 1 - Math.pow(1 - 1.0 / modes, samples));
        means.add("distance" + of, hits.distance());
        means.add("distanceOfTruth" + of, expectedDistance(modes, samples));
        means.add("nearNone" + of, (double) hits.nearNone() / samples);
    }

    private static Means means(int modes) {
        String of = "Of" + modes;
        return new Means()
                .with("coverage" + of, "share of " + modes + " true answers that are hit by the samples")
                .with("coverageOfTruth" + of, "the same, expected of as many draws of the truth")
                .with("distance" + of, "total variation between their histogram and an even one, 0 to 1")
                .with("distanceOfTruth" + of, "the same, expected of as many draws of the truth")
                .with("nearNone" + of, "share of samples that are near none of them");
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
