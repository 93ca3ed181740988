package dev.tandem.app.evaluate.measure;

import dev.tandem.app.evaluate.data.TestInput;
import dev.tandem.app.evaluate.data.Translations.Samples;
import dev.tandem.app.evaluate.feature.Features;
import dev.tandem.app.evaluate.metric.FeatureVector;
import dev.tandem.app.evaluate.metric.FrechetDistance;
import dev.tandem.app.evaluate.metric.KernelDistance;
import dev.tandem.app.evaluate.metric.PrecisionRecall;
import dev.tandem.app.evaluate.report.Figure;
import dev.tandem.app.evaluate.report.Section;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Whether a network could tell samples from true Bs: of each input as many of the ones as of the others. */
public final class Realistic implements Measure {
    /** With fewer, neighbours and covariances mean nothing. */
    private static final int FEWEST = 50;

    private final Features network;
    private final List<FeatureVector> real = new ArrayList<>();
    private final List<FeatureVector> made = new ArrayList<>();
    private int inputs;

    public Realistic(Features network) {
        this.network = network;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        List<Tensor> truths = input.truths();
        int count = Math.min(truths.size(), samples.pictures().shape().batch());
        // Spread over all of them, for neighbours in a list of files may be alike.
        add(
                real,
                Tensor.stack(IntStream.range(0, count)
                        .mapToObj(i -> truths.get(i * truths.size() / count))
                        .toList()));
        add(made, samples.pictures().rows(0, count));
        inputs++;
    }

    @Override
    public Section section() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", network.name());
        facts.put("library", "none but for the eigenvalues, which are Apache Commons Math's");
        facts.put("truePictures", real.size());
        facts.put("samples", made.size());
        if (tooFew()) {
            facts.put("note", "too few pictures to compare; there must be " + FEWEST + " of two inputs or more");
        }
        return new Section("realistic", "Realistic: could a network tell them from true ones?", facts, figures());
    }

    private boolean tooFew() {
        return inputs < 2 || real.size() < FEWEST;
    }

    private void add(List<FeatureVector> vectors, Tensor pictures) {
        for (double[] values : network.of(pictures)) {
            vectors.add(new FeatureVector(inputs, values));
        }
    }

    private List<Figure> figures() {
        if (tooFew()) {
            return List.of();
        }
        double[][] truths = values(real);
        double[][] samples = values(made);
        PrecisionRecall shares = PrecisionRecall.of(truths, samples);
        return List.of(
                new Figure(
                        "kernelDistance", "KID: about 0 where nothing tells them apart", KernelDistance.of(real, made)),
                new Figure(
                        "frechetDistance",
                        "Frechet distance (FID): 0 at best; larger with fewer pictures",
                        FrechetDistance.of(truths, samples)),
                new Figure("precision", "share of samples among true pictures", shares.precision()),
                new Figure("recall", "share of true pictures among samples", shares.recall()));
    }

    private static double[][] values(List<FeatureVector> vectors) {
        return vectors.stream().map(FeatureVector::values).toArray(double[][]::new);
    }
}
