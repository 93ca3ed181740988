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

/** Whether the encoder finds the latent of a picture again, and what it makes of true ones. */
public final class Invertibility implements Measure {
    /** Variance over true Bs from which a dimension counts as used (Burda, Grosse and Salakhutdinov, ICLR 2016). */
    private static final double ACTIVE = 0.01;

    private final Function<Tensor, Posterior<Tensor>> encoder;
    private final Means means = new Means()
            .with("latentL1", "mean |E(G(A, z)) - z|")
            .with("latentL1OfNothing", "mean |z|: what an encoder would get that always said 0");
    private final List<SummaryStatistics> kl = new ArrayList<>();
    private final List<SummaryStatistics> mu = new ArrayList<>();

    public Invertibility(Function<Tensor, Posterior<Tensor>> encoder) {
        this.encoder = encoder;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        samples.latents().ifPresent(z -> {
            float[] found = encoder.apply(samples.pictures()).mu().data();
            for (int i = 0; i < found.length; i++) {
                means.add("latentL1", Math.abs(found[i] - z.data()[i]));
                means.add("latentL1OfNothing", Math.abs(z.data()[i]));
            }
        });
        Posterior<Tensor> truths = encoder.apply(Tensor.stack(input.truths()));
        int length = truths.mu().shape().channels();
        for (int i = 0; i < truths.mu().data().length; i++) {
            double mean = truths.mu().data()[i];
            double logVariance = truths.logVariance().data()[i];
            dimension(mu, i % length).addValue(mean);
            dimension(kl, i % length).addValue((mean * mean + Math.exp(logVariance) - logVariance - 1) / 2);
        }
    }

    @Override
    public Section section() {
        List<Figure> figures = new ArrayList<>(means.figures());
        long active = mu.stream().filter(each -> each.getVariance() > ACTIVE).count();
        figures.add(new Figure("activeDimensions", "dimensions of z that E(B) uses, of " + mu.size(), active));
        IntStream.range(0, kl.size())
                .forEach(i -> figures.add(new Figure(
                        "kl" + (i + 1),
                        "KL(E(B) || N(0, 1)) of dimension " + (i + 1) + ", nats",
                        kl.get(i).getMean())));
        return new Section("invertible", "Invertible: is the latent of a picture found again?", Map.of(), figures);
    }

    private static SummaryStatistics dimension(List<SummaryStatistics> statistics, int i) {
        while (statistics.size() <= i) {
            statistics.add(new SummaryStatistics());
        }
        return statistics.get(i);
    }
}
