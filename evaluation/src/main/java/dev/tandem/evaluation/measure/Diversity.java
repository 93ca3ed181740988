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
 * How much the answers to one input differ, and how much they should: by the paper's protocol, the consecutive pairs of
 * twenty samples of each input.
 */
public final class Diversity implements Measure {
    private static final int SAMPLES = 20;

    private final PerceptualDistance perceptual;
    private Optional<Tensor> before = Optional.empty();
    private final Means means = new Means()
            .with("pixel", "mean |difference| of two samples of one input, 0 to 1")
            .with("perceptual", "distance of two samples of one input to the network")
            .with("pixelWhereSeveral", "pixel, where an input has several true Bs")
            .with("perceptualWhereSeveral", "perceptual, where an input has several true Bs")
            .with("pixelOfTruths", "what pixelWhereSeveral would be if the samples were drawn from the true Bs")
            .with("perceptualOfTruths", "what perceptualWhereSeveral would be if they were")
            .with("pixelOfOthers", "mean |difference| of true Bs of different inputs")
            .with("perceptualOfOthers", "distance of true Bs of different inputs to the network");

    public Diversity(PerceptualDistance perceptual) {
        this.perceptual = perceptual;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        Tensor drawn = samples.pictures()
                .rows(0, Math.min(SAMPLES, samples.pictures().shape().batch()));
        for (int i = 1; i < drawn.shape().batch(); i++) {
            Distance between = distance(drawn.rows(i - 1, i), drawn.rows(i, i + 1));
            add("", between);
            if (input.hasModes()) {
                add("WhereSeveral", between);
            }
        }
        if (input.hasModes()) {
            add("OfTruths", betweenTruths(input));
        }
        Tensor truth = input.truths().get(0);
        before.ifPresent(other -> add("OfOthers", distance(other, truth)));
        before = Optional.of(truth);
    }

    @Override
    public Section section() {
        return new Section(
                "diverse", "Diverse: how much do the answers to one input differ?", facts(), means.figures());
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", perceptual.name());
        facts.put("pairs", means.count("pixel"));
        return facts;
    }

    private record Distance(double pixel, double perceptual) {}

    /** Two draws from k answers are the same one in 1 of k cases; from answers of any hue, never. */
    private Distance betweenTruths(TestInput input) {
        List<Tensor> truths = input.truths();
        List<Distance> distances = new ArrayList<>();
        for (int i = 0; i < truths.size(); i++) {
            for (int j = 0; j < i; j++) {
                distances.add(distance(truths.get(i), truths.get(j)));
            }
        }
        double differ = (input.anyHue() ? 1 : 1 - 1.0 / truths.size()) / distances.size();
        return new Distance(
                differ * distances.stream().mapToDouble(Distance::pixel).sum(),
                differ * distances.stream().mapToDouble(Distance::perceptual).sum());
    }

    private Distance distance(Tensor a, Tensor b) {
        return new Distance(Pixels.l1(a, b), perceptual.between(a, b)[0]);
    }

    private void add(String of, Distance distance) {
        means.add("pixel" + of, distance.pixel());
        means.add("perceptual" + of, distance.perceptual());
    }
}
