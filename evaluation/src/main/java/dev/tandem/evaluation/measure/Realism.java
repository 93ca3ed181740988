package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.feature.Features;
import dev.tandem.evaluation.metric.FeatureVector;
import dev.tandem.evaluation.metric.FrechetDistance;
import dev.tandem.evaluation.metric.KernelDistance;
import dev.tandem.evaluation.metric.PrecisionRecall;
import dev.tandem.evaluation.report.Figure;
import dev.tandem.evaluation.report.Section;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures whether a network can distinguish samples from true Bs. For each input, it uses the same number of samples as of
 * true Bs.
 *
 * <p>It makes {@value #DRAWS} draws of samples in turn, and starts again at the first sample when none are left. Several
 * draws are needed because the choice of samples can change the figures as much as another training seed does.
 */
public final class Realism implements Measure {
    /** With fewer images, nearest neighbours and covariances are meaningless. */
    private static final int MIN_TRUTHS = 50;

    private static final int MIN_INPUTS = 2;
    private static final int DRAWS = 10;

    private final Features network;
    private final List<FeatureVector> real = new ArrayList<>();
    private final List<List<FeatureVector>> draws =
            Stream.<List<FeatureVector>>generate(ArrayList::new).limit(DRAWS).toList();
    private int inputs;

    public Realism(Features network) {
        this.network = network;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        List<Tensor> truths = input.truths();
        int count = Math.min(truths.size(), samples.count());
        // The selected truths are spread over the list, because neighbouring files can be similar.
        double[][] realFeatures = network.extract(Tensor.stack(IntStream.range(0, count)
                .mapToObj(i -> truths.get(i * truths.size() / count))
                .toList()));
        for (double[] values : realFeatures) {
            real.add(new FeatureVector(inputs, values));
        }
        int used = Math.min(samples.count(), DRAWS * count);
        double[][] generatedFeatures = network.extract(samples.images().rows(0, used));
        for (int i = 0; i < DRAWS * count; i++) {
            draws.get(i / count).add(new FeatureVector(inputs, generatedFeatures[i % used]));
        }
        inputs++;
    }

    @Override
    public Section section() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", network.name());
        facts.put("library", "own implementation, eigenvalues by Apache Commons Math");
        facts.put("truePictures", real.size());
        facts.put("samples", draws.get(0).size());
        facts.put("draws", DRAWS);
        if (hasTooFewImages()) {
            facts.put(
                    Section.NOTE,
                    "too few images to compare: at least " + MIN_TRUTHS + " true Bs of " + MIN_INPUTS
                            + " or more inputs are needed");
        }
        return new Section(
                "realistic", "Realism: can a network distinguish samples from true images?", facts, figures());
    }

    private boolean hasTooFewImages() {
        return inputs < MIN_INPUTS || real.size() < MIN_TRUTHS;
    }

    private List<Figure> figures() {
        if (hasTooFewImages()) {
            return List.of();
        }
        double[][] truths = values(real);
        List<PrecisionRecall> shares = draws.stream()
                .map(draw -> PrecisionRecall.of(truths, values(draw)))
                .toList();
        return List.of(
                new Figure(
                        "kernelDistance",
                        "kernel distance (KID): about 0 if samples and true Bs cannot be distinguished",
                        mean(draws, draw -> KernelDistance.of(real, draw))),
                new Figure(
                        "frechetDistance",
                        "Frechet distance (FID) over all draws: 0 is best; larger with fewer images",
                        FrechetDistance.of(
                                truths,
                                values(draws.stream().flatMap(List::stream).toList()))),
                new Figure(
                        "precision",
                        "share of samples that lie among the true Bs",
                        mean(shares, PrecisionRecall::precision)),
                new Figure(
                        "recall",
                        "share of true Bs that lie among the samples",
                        mean(shares, PrecisionRecall::recall)));
    }

    private static <T> double mean(List<T> draws, ToDoubleFunction<T> figure) {
        return draws.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static double[][] values(List<FeatureVector> vectors) {
        return vectors.stream().map(FeatureVector::values).toArray(double[][]::new);
    }
}
