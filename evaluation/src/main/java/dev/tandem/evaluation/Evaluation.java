package dev.tandem.evaluation;

import dev.tandem.datasets.gallery.Row;
import dev.tandem.datasets.gallery.Row.Tile;
import dev.tandem.evaluation.data.ModelTranslations;
import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.TestSet;
import dev.tandem.evaluation.data.Translations;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.feature.Features;
import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.measure.Coverage;
import dev.tandem.evaluation.measure.Diversity;
import dev.tandem.evaluation.measure.Faithfulness;
import dev.tandem.evaluation.measure.Invertibility;
import dev.tandem.evaluation.measure.Measure;
import dev.tandem.evaluation.measure.Realism;
import dev.tandem.evaluation.report.Report;
import dev.tandem.images.decode.Images;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates translations of inputs whose correct outputs are known: are they faithful, diverse and realistic, do they cover
 * all correct outputs, and does the encoder recover their latents?
 *
 * <p>This class is the entry point of the library. It prints nothing. A compute engine must be on the class path.
 *
 * <pre>{@code
 * TestSet set = new TestSetReader(settings, invalidFiles).read("shapes").subset(100);
 * Translations translations = new ModelTranslations(model, "checkpoint 7", 30, 0);
 * try (RandomNetwork network = new RandomNetwork(settings.model().outputChannels())) {
 *     Report report = new Evaluation(set, translations, Optional.of(model), network, network).run(() -> {});
 *     new ReportWriter(Path.of("evaluation-report")).write(report);
 * }
 * }</pre>
 *
 * <p>Evaluate a model on the data set that it was trained with, because only its held-out part is new to the model.
 *
 * @param set inputs and their true outputs
 * @param translations the translations to evaluate
 * @param encoder the model of the translations; empty if it is not available or has no encoder
 * @param features network whose feature vectors are compared for realism
 * @param perceptual network whose distances measure diversity
 */
public record Evaluation(
        TestSet set,
        Translations translations,
        Optional<BicycleGan> encoder,
        Features features,
        PerceptualDistance perceptual) {
    private static final int MAX_ROWS = 16;
    private static final int MAX_SAMPLES_PER_ROW = 8;

    /**
     * Evaluates all inputs, one at a time.
     *
     * @param onInput called after each input, for progress
     */
    public Report run(Runnable onInput) {
        List<Measure> measures = measures();
        List<Row> rows = new ArrayList<>();
        for (TestInput input : set.inputs()) {
            Samples samples = translations.of(input);
            measures.forEach(measure -> measure.add(input, samples));
            if (rows.size() < MAX_ROWS) {
                rows.add(row(input, samples.images()));
            }
            onInput.run();
        }
        return new Report(
                facts(),
                set.attribution(),
                measures.stream().map(Measure::section).toList(),
                rows);
    }

    private List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(List.of(
                new Faithfulness(encoder.map(
                        model -> (a, b) -> ModelTranslations.quantized(model.translate(a, model.encode(b))))),
                new Diversity(perceptual),
                new Realism(features),
                new Coverage()));
        encoder.ifPresent(model -> measures.add(new Invertibility(model::posterior)));
        return measures;
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("translations", translations.origin());
        facts.put("data", set.name());
        facts.put("inputs", set.inputs().size());
        facts.put("samples", translations.samples());
        return facts;
    }

    private Row row(TestInput input, Tensor samples) {
        Tensor truth = input.truths().get(0);
        List<Tile> tiles = new ArrayList<>();
        tiles.add(tile("input", "input", input.a()));
        tiles.add(tile("truth", "truth", truth));
        encoder.ifPresent(
                model -> tiles.add(tile("reconstruction", "encoded", model.translate(input.a(), model.encode(truth)))));
        for (int i = 1; i <= Math.min(MAX_SAMPLES_PER_ROW, samples.shape().batch()); i++) {
            tiles.add(tile("sample " + i, "" + i, samples.rows(i - 1, i)));
        }
        return new Row(input.name(), tiles);
    }

    private static Tile tile(String caption, String suffix, Tensor image) {
        return new Tile(caption, suffix, Images.image(image));
    }
}
