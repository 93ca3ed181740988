package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.report.Figure;
import dev.tandem.evaluation.report.Section;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/** Measures whether the encoder recovers the latent of a translation, and how much of the latent it uses for true Bs. */
public final class Invertibility implements Measure {
    /**
     * A dimension is active if its mean varies by more than this over the true Bs (Burda, Grosse and Salakhutdinov,
     * "Importance Weighted Autoencoders", ICLR 2016).
     */
    private static final double ACTIVE_VARIANCE = 0.01;

    private final Function<Tensor, Posterior<Tensor>> encoder;
    private final Means means = new Means()
            .with("latentL1", "mean |E(G(A, z)) - z|")
            .with("latentL1OfNothing", "mean |z|: the error of an encoder that always returns 0");
    private final List<SummaryStatistics> kl = new ArrayList<>();
    private final List<SummaryStatistics> mu = new ArrayList<>();

    /** @param encoder maps (N, C', H, W) to posteriors (N, L) */
    public Invertibility(Function<Tensor, Posterior<Tensor>> encoder) {
        this.encoder = encoder;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        samples.latents().ifPresent(z -> addRecovered(encoder.apply(samples.images()), z));
        addPosterior(encoder.apply(Tensor.stack(input.truths())));
    }

    private void addRecovered(Posterior<Tensor> posterior, Tensor z) {
        float[] recovered = posterior.mu().data();
        for (int i = 0; i < recovered.length; i++) {
            means.add("latentL1", Math.abs(recovered[i] - z.data()[i]));
            means.add("latentL1OfNothing", Math.abs(z.data()[i]));
        }
    }

    private void addPosterior(Posterior<Tensor> truths) {
        int dimensions = truths.mu().shape().channels();
        for (int i = 0; i < truths.mu().data().length; i++) {
            double mean = truths.mu().data()[i];
            double logVariance = truths.logVariance().data()[i];
            statistics(mu, i % dimensions).addValue(mean);
            statistics(kl, i % dimensions).addValue((mean * mean + Math.exp(logVariance) - logVariance - 1) / 2);
        }
    }

    @Override
    public Section section() {
        List<Figure> figures = new ArrayList<>(means.figures());
        long active = mu.stream()
                .filter(dimension -> dimension.getVariance() > ACTIVE_VARIANCE)
                .count();
        figures.add(
                new Figure("activeDimensions", "number of dimensions of z that E(B) uses, of " + mu.size(), active));
        IntStream.range(0, kl.size())
                .forEach(i -> figures.add(new Figure(
                        "kl" + (i + 1),
                        "KL(E(B) || N(0, 1)) of dimension " + (i + 1) + ", in nats",
                        kl.get(i).getMean())));
        return new Section("invertible", "Invertibility: does the encoder recover the latent?", Map.of(), figures);
    }

    private static SummaryStatistics statistics(List<SummaryStatistics> dimensions, int i) {
        while (dimensions.size() <= i) {
            dimensions.add(new SummaryStatistics());
        }
        return dimensions.get(i);
    }
}
