package dev.tandem.app.evaluate.measure;

import dev.tandem.app.evaluate.data.TestInput;
import dev.tandem.app.evaluate.data.Translations.Samples;
import dev.tandem.app.evaluate.metric.Outline;
import dev.tandem.app.evaluate.metric.Pixels;
import dev.tandem.app.evaluate.metric.Ssim;
import dev.tandem.app.evaluate.report.Section;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Whether the true answers can be had, and the input is still in every answer. */
public final class Faithful implements Measure {
    private final Optional<BiFunction<Tensor, Tensor, Tensor>> reconstruction;
    private final Means means = new Means()
            .with("reconstructionL1", "mean |G(A, E(B)) - B|, 0 to 1")
            .with("reconstructionSsim", "SSIM of G(A, E(B)) and B, up to 1")
            .with("nearestL1", "mean |G(A, z) - B| of the sample nearest to each true B, 0 to 1")
            .with("nearestSsim", "SSIM of the sample most like each true B, up to 1")
            .with("outlineRecall", "share of A's dark pixels that are dark in the samples")
            .with("outlineRecallOfTruth", "the same in the true Bs")
            .with("edgeRecall", "share of A's edge pixels with an edge of the sample within a pixel")
            .with("edgeRecallOfTruth", "the same in the true Bs")
            .with("edgePrecision", "share of the samples' edge pixels with an edge of A within a pixel")
            .with("edgePrecisionOfTruth", "the same of the true Bs");

    /** @param reconstruction {@code (A, B) -> G(A, E(B))}, if there is an encoder */
    public Faithful(Optional<BiFunction<Tensor, Tensor, Tensor>> reconstruction) {
        this.reconstruction = reconstruction;
    }

    @Override
    public void add(TestInput input, Samples samples) {
        List<Tensor> drawn = images(samples.pictures());
        for (Tensor truth : input.truths()) {
            reconstruction.ifPresent(of -> addReconstruction(of.apply(input.a(), truth), truth));
            means.add(
                    "nearestL1",
                    drawn.stream()
                            .mapToDouble(sample -> Pixels.l1(sample, truth))
                            .min()
                            .orElseThrow());
            means.add(
                    "nearestSsim",
                    drawn.parallelStream()
                            .mapToDouble(sample -> Ssim.of(sample, truth))
                            .max()
                            .orElseThrow());
        }
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

    private void addReconstruction(Tensor made, Tensor truth) {
        means.add("reconstructionL1", Pixels.l1(made, truth));
        means.add("reconstructionSsim", Ssim.of(made, truth));
    }

    private void addOutline(Outline outline, Tensor b, String of) {
        outline.darkRecall(b).ifPresent(value -> means.add("outlineRecall" + of, value));
        outline.edgeRecall(b).ifPresent(value -> means.add("edgeRecall" + of, value));
        outline.edgePrecision(b).ifPresent(value -> means.add("edgePrecision" + of, value));
    }

    private static List<Tensor> images(Tensor batch) {
        return IntStream.range(0, batch.shape().batch())
                .mapToObj(i -> batch.rows(i, i + 1))
                .toList();
    }
}
