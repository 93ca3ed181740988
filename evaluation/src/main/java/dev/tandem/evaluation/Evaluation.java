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
 * Puts five questions to translations whose true answers are known.
 *
 * @param encoder the model whose translations they are, if it is at hand and has an encoder
 */
public record Evaluation(
        TestSet set,
        Translations translations,
        Optional<BicycleGan> encoder,
        Features features,
        PerceptualDistance perceptual) {
    private static final int ROWS = 16;
    private static final int TILES = 8;

    /** @param each called after each input */
    public Report run(Runnable each) {
        List<Measure> measures = measures();
        List<Row> rows = new ArrayList<>();
        for (TestInput input : set.inputs()) {
            Samples samples = translations.of(input);
            measures.forEach(measure -> measure.add(input, samples));
            if (rows.size() < ROWS) {
                rows.add(row(input, samples.pictures()));
            }
            each.run();
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
                        model -> (a, b) -> ModelTranslations.asPictures(model.translate(a, model.encode(b))))),
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
                model -> tiles.add(tile("its latent", "encoded", model.translate(input.a(), model.encode(truth)))));
        for (int i = 1; i <= Math.min(TILES, samples.shape().batch()); i++) {
            tiles.add(tile("sample " + i, "" + i, samples.rows(i - 1, i)));
        }
        return new Row(input.name(), tiles);
    }

    private static Tile tile(String caption, String file, Tensor image) {
        return new Tile(caption, file, Images.picture(image));
    }
}
