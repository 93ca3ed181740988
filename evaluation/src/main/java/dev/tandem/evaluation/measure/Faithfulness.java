package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.metric.Outline;
import dev.tandem.evaluation.metric.Pixels;
import dev.tandem.evaluation.metric.Ssim;
import dev.tandem.evaluation.report.Section;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** Whether the true answers can be had, and the input is still in every answer. */
public final class Faithfulness implements Measure {
    private final Optional<BiFunction<Tensor, Tensor, Tensor>> reconstruction;
    private final Means means = new Means()
            .with("reconstructionL1", "mean |G(A, E(B)) - B|, 0 to 1")
            .with("reconstructionSsim", "SSIM of G(A, E(B)) and B, up to 1")
            .with("nearestL1", "mean |G(A, z) - B| of the sample nearest to each true B, 0 to 1")
            .with("nearestSsim", "SSIM of the sample most like each true B, up to 1")
            .with("outlineRecall", "share of A's dark pixels that are dark in the samples")
            .with("outlineRecallOfTruth", "share of A's dark pixels that are dark in the true Bs")
            .with("edgeRecall", "share of A's edge pixels with an edge of the sample within a pixel")
            .with("edgeRecallOfTruth", "share of A's edge pixels with an edge of the true B within a pixel")
            .with("edgePrecision", "share of the samples' edge pixels with an edge of A within a pixel")
            .with("edgePrecisionOfTruth", "share of the true Bs' edge pixels with an edge of A within a pixel");

    /** @param reconstruction {@code (A, B) -> G(A, E(B))}, if there is an encoder */
    public Faithfulness(Optional<BiFunction<Tensor, Tensor, Tensor>> reconstruction) {
        this.reconstruction = reconstruction;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        List<Tensor> drawn = samples.each();
        for (Tensor truth : input.truths()) {
            reconstruction.ifPresent(of -> addReconstruction(of.apply(input.a(), truth), truth));
        }
        means.add("nearestL1", mean(input, truth -> nearestL1(drawn, truth)));
        means.add("nearestSsim", mean(input, truth -> nearestSsim(drawn, truth)));
        Outline outline = new Outline(input.a());
        drawn.forEach(sample -> addOutline(outline, sample, ""));
        input.truths().forEach(truth -> addOutline(outline, truth, "OfTruth"));
    }

    @Override
    public Section section() {
        return new Section(
                "faithful",
                "Faithful: is the input still in the answers, and can the true ones be had?",
                Map.of(),
                means.figures());
    }

    /** An input with very many true Bs counts no more than others. */
    private static double mean(TestInput input, ToDoubleFunction<Tensor> figure) {
        return input.truths().stream().mapToDouble(figure).average().orElseThrow();
    }

    private static double nearestL1(List<Tensor> samples, Tensor truth) {
        return samples.stream()
                .mapToDouble(sample -> Pixels.l1(sample, truth))
                .min()
                .orElseThrow();
    }

    private static double nearestSsim(List<Tensor> samples, Tensor truth) {
        return samples.parallelStream()
                .mapToDouble(sample -> Ssim.of(sample, truth))
                .max()
                .orElseThrow();
    }

    private void addReconstruction(Tensor made, Tensor truth) {
        means.add("reconstructionL1", Pixels.l1(made, truth));
        means.add("reconstructionSsim", Ssim.of(made, truth));
    }

    private void addOutline(Outline outline, Tensor b, String of) {
        outline.darkRecall(b).ifPresent(value -> means.add("outlineRecall" + of, value));
        outline.edgeRecall(b).ifPresent(value -> means.add("edgeRecall" + of, value));
        outline.edgePrecision(b).ifPresent(value -> means.add("edgePrecision" + of, value));
    }
}
