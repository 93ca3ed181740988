package dev.tandem.app.evaluate.measure;

import dev.tandem.app.evaluate.data.TestInput;
import dev.tandem.app.evaluate.data.Translations.Samples;
import dev.tandem.app.evaluate.feature.Features;
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

/** Whether a network could tell samples from true Bs; as many samples of each input as it has true Bs, if there are. */
public final class Realistic implements Measure {
    private final Features network;
    private final List<double[]> real = new ArrayList<>();
    private final List<double[]> made = new ArrayList<>();

    public Realistic(Features network) {
        this.network = network;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        int count = Math.min(input.truths().size(), samples.pictures().shape().batch());
        real.addAll(List.of(network.of(Tensor.stack(input.truths()))));
        made.addAll(List.of(network.of(samples.pictures().rows(0, count))));
    }

    @Override
    public Section section() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("network", network.name());
        facts.put("library", "none but for the eigenvalues, which are Apache Commons Math's");
        facts.put("truePictures", Integer.toString(real.size()));
        facts.put("samples", Integer.toString(made.size()));
        return new Section("realistic", "Realistic: could a network tell them from true ones?", facts, figures());
    }

    private List<Figure> figures() {
        double[][] truths = real.toArray(double[][]::new);
        double[][] samples = made.toArray(double[][]::new);
        if (Math.min(truths.length, samples.length) < PrecisionRecall.FEWEST) {
            return List.of();
        }
        PrecisionRecall shares = PrecisionRecall.of(truths, samples);
        return List.of(
                new Figure(
                        "kernelDistance",
                        "KID: 0 where nothing tells them apart; about 0 for true pictures",
                        KernelDistance.of(truths, samples)),
                new Figure(
                        "frechetDistance",
                        "Frechet distance (FID); the larger, the fewer the pictures",
                        FrechetDistance.of(truths, samples)),
                new Figure("precision", "share of samples among true pictures", shares.precision()),
                new Figure("recall", "share of true pictures among samples", shares.recall()));
    }
}
