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
 * Whether a network could tell samples from true Bs: of each input as many of the ones as of the others.
 *
 * <p>Samples are drawn in turn, {@value #DRAWS} times, from the first again when they run out, because which of them are
 * drawn can move the figures as much as another seed of training does.
 */
public final class Realism implements Measure {
    /** With fewer, neighbours and covariances mean nothing. */
    private static final int FEWEST = 50;

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
        int available = samples.pictures().shape().batch();
        int count = Math.min(truths.size(), available);
        // Spread over all of them, for neighbours in a list of files may be alike.
        double[][] seen = network.of(Tensor.stack(IntStream.range(0, count)
                .mapToObj(i -> truths.get(i * truths.size() / count))
                .toList()));
        for (double[] values : seen) {
            real.add(new FeatureVector(inputs, values));
        }
        int used = Math.min(available, DRAWS * count);
        double[][] made = network.of(samples.pictures().rows(0, used));
        for (int i = 0; i < DRAWS * count; i++) {
            draws.get(i / count).add(new FeatureVector(inputs, made[i % used]));
        }
        inputs++;
    }

    @Override
    public Section section() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", network.name());
        facts.put("library", "none but for the eigenvalues, which are Apache Commons Math's");
        facts.put("truePictures", real.size());
        facts.put("samples", draws.get(0).size());
        facts.put("draws", DRAWS);
        if (tooFew()) {
            facts.put("note", "too few pictures to compare; there must be " + FEWEST + " of two inputs or more");
        }
        return new Section("realistic", "Realistic: could a network tell them from true ones?", facts, figures());
    }

    private boolean tooFew() {
        return inputs < 2 || real.size() < FEWEST;
    }

    private List<Figure> figures() {
        if (tooFew()) {
            return List.of();
        }
        double[][] truths = values(real);
        List<PrecisionRecall> shares = draws.stream()
                .map(draw -> PrecisionRecall.of(truths, values(draw)))
                .toList();
        return List.of(
                new Figure(
                        "kernelDistance",
                        "KID: about 0 where nothing tells them apart",
                        mean(draws, draw -> KernelDistance.of(real, draw))),
                new Figure(
                        "frechetDistance",
                        "Frechet distance (FID), of all draws together: 0 at best; larger with fewer pictures",
                        FrechetDistance.of(
                                truths,
                                values(draws.stream().flatMap(List::stream).toList()))),
                new Figure(
                        "precision", "share of samples among true pictures", mean(shares, PrecisionRecall::precision)),
                new Figure("recall", "share of true pictures among samples", mean(shares, PrecisionRecall::recall)));
    }

    private static <T> double mean(List<T> draws, ToDoubleFunction<T> figure) {
        return draws.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static double[][] values(List<FeatureVector> vectors) {
        return vectors.stream().map(FeatureVector::values).toArray(double[][]::new);
    }
}
