package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.metric.Pixels;
import dev.tandem.evaluation.report.Section;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures how much translations of one input differ, and how much the true Bs differ. Following the protocol of the
 * BicycleGAN paper, it compares the consecutive pairs of twenty samples of each input.
 */
public final class Diversity implements Measure {
    private static final int MAX_SAMPLES = 20;

    private final PerceptualDistance perceptual;
    private Optional<Tensor> previousTruth = Optional.empty();
    private final Means means = new Means()
            .with("pixel", "mean |difference| of two samples of one input, 0 to 1")
            .with("perceptual", "perceptual distance of two samples of one input")
            .with("pixelWhereSeveral", "mean |difference| of two samples, over the inputs with several true Bs")
            .with("perceptualWhereSeveral", "perceptual distance of two samples, over the inputs with several true Bs")
            .with("pixelOfTruths", "mean |difference| of two random draws from the true Bs of one input")
            .with("perceptualOfTruths", "perceptual distance of two random draws from the true Bs of one input")
            .with("pixelOfOthers", "mean |difference| of true Bs of different inputs")
            .with("perceptualOfOthers", "perceptual distance of true Bs of different inputs");

    public Diversity(PerceptualDistance perceptual) {
        this.perceptual = perceptual;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        Tensor images = samples.images();
        for (int i = 1; i < Math.min(MAX_SAMPLES, samples.count()); i++) {
            Distance distance = distance(images.rows(i - 1, i), images.rows(i, i + 1));
            add("", distance);
            if (input.hasModes()) {
                add("WhereSeveral", distance);
            }
        }
        if (input.hasModes()) {
            add("OfTruths", expectedOfTruths(input));
        }
        Tensor truth = input.truths().get(0);
        previousTruth.ifPresent(previous -> add("OfOthers", distance(previous, truth)));
        previousTruth = Optional.of(truth);
    }

    @Override
    public Section section() {
        return new Section(
                "diverse", "Diversity: how much do translations of one input differ?", facts(), means.figures());
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", perceptual.name());
        facts.put("pairs", means.count("pixel"));
        if (means.figures().isEmpty()) {
            facts.put(Section.NOTE, "at least 2 samples or inputs are needed");
        }
        return facts;
    }

    private record Distance(double pixel, double perceptual) {}

    /**
     * The expected distance of two random draws from the true Bs. Of k truths, both draws are the same one with probability
     * 1/k; of a continuous range of hues, never.
     */
    private Distance expectedOfTruths(TestInput input) {
        List<Tensor> truths = input.truths();
        List<Distance> distances = new ArrayList<>();
        for (int i = 0; i < truths.size(); i++) {
            for (int j = 0; j < i; j++) {
                distances.add(distance(truths.get(i), truths.get(j)));
            }
        }
        double weight = (input.anyHue() ? 1 : 1 - 1.0 / truths.size()) / distances.size();
        return new Distance(
                weight * distances.stream().mapToDouble(Distance::pixel).sum(),
                weight * distances.stream().mapToDouble(Distance::perceptual).sum());
    }

    private Distance distance(Tensor a, Tensor b) {
        return new Distance(Pixels.l1(a, b), perceptual.between(a, b)[0]);
    }

    private void add(String suffix, Distance distance) {
        means.add("pixel" + suffix, distance.pixel());
        means.add("perceptual" + suffix, distance.perceptual());
    }
}
