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

/** Measures whether the input is visible in each translation, and whether the model can produce the true Bs. */
public final class Faithfulness implements Measure {
    private final Optional<BiFunction<Tensor, Tensor, Tensor>> reconstruction;
    private final Means means = new Means()
            .with("reconstructionL1", "mean |G(A, E(B)) - B|, 0 to 1")
            .with("reconstructionSsim", "SSIM of G(A, E(B)) and B, at most 1")
            .with("nearestL1", "mean |G(A, z) - B| for the sample nearest to each true B, 0 to 1")
            .with("nearestSsim", "SSIM of each true B and the sample most similar to it, at most 1")
            .with("outlineRecall", "share of A's dark pixels that are dark in the samples")
            .with("outlineRecallOfTruth", "share of A's dark pixels that are dark in the true Bs")
            .with("edgeRecall", "share of A's edge pixels with an edge of the sample within one pixel")
            .with("edgeRecallOfTruth", "share of A's edge pixels with an edge of the true B within one pixel")
            .with("edgePrecision", "share of the samples' edge pixels with an edge of A within one pixel")
            .with("edgePrecisionOfTruth", "share of the true Bs' edge pixels with an edge of A within one pixel");

    /** @param reconstruction {@code (A, B) -> G(A, E(B))}; empty without an encoder */
    public Faithfulness(Optional<BiFunction<Tensor, Tensor, Tensor>> reconstruction) {
        this.reconstruction = reconstruction;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        List<Tensor> images = samples.asList();
        for (Tensor truth : input.truths()) {
            reconstruction.ifPresent(function -> addReconstruction(function.apply(input.a(), truth), truth));
        }
        means.add("nearestL1", meanOverTruths(input, truth -> nearestL1(images, truth)));
        means.add("nearestSsim", meanOverTruths(input, truth -> nearestSsim(images, truth)));
        Outline outline = new Outline(input.a());
        images.forEach(sample -> addOutline(outline, sample, ""));
        input.truths().forEach(truth -> addOutline(outline, truth, "OfTruth"));
    }

    @Override
    public Section section() {
        return new Section(
                "faithful",
                "Faithfulness: is the input visible in the translation, and can the model produce the true B?",
                Map.of(),
                means.figures());
    }

    /** Averages per input, so that an input with many true Bs has the same weight as others. */
    private static double meanOverTruths(TestInput input, ToDoubleFunction<Tensor> figure) {
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

    private void addReconstruction(Tensor reconstructed, Tensor truth) {
        means.add("reconstructionL1", Pixels.l1(reconstructed, truth));
        means.add("reconstructionSsim", Ssim.of(reconstructed, truth));
    }

    private void addOutline(Outline outline, Tensor b, String suffix) {
        outline.darkRecall(b).ifPresent(value -> means.add("outlineRecall" + suffix, value));
        outline.edgeRecall(b).ifPresent(value -> means.add("edgeRecall" + suffix, value));
        outline.edgePrecision(b).ifPresent(value -> means.add("edgePrecision" + suffix, value));
    }
}
