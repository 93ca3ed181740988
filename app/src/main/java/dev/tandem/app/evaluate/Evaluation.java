package dev.tandem.app.evaluate;

import dev.tandem.app.evaluate.data.ModelTranslations;
import dev.tandem.app.evaluate.data.TestInput;
import dev.tandem.app.evaluate.data.TestSet;
import dev.tandem.app.evaluate.data.Translations;
import dev.tandem.app.evaluate.data.Translations.Samples;
import dev.tandem.app.evaluate.feature.Features;
import dev.tandem.app.evaluate.feature.PerceptualDistance;
import dev.tandem.app.evaluate.measure.Covers;
import dev.tandem.app.evaluate.measure.Diverse;
import dev.tandem.app.evaluate.measure.Faithful;
import dev.tandem.app.evaluate.measure.Invertible;
import dev.tandem.app.evaluate.measure.Measure;
import dev.tandem.app.evaluate.measure.Realistic;
import dev.tandem.app.evaluate.report.Report;
import dev.tandem.app.gallery.Row;
import dev.tandem.app.gallery.Row.Tile;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.decode.Pictures;
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
                new Faithful(encoder.map(
                        model -> (a, b) -> ModelTranslations.asPictures(model.translate(a, model.encode(b))))),
                new Diverse(perceptual),
                new Realistic(features),
                new Covers()));
        encoder.ifPresent(model -> measures.add(new Invertible(model::posterior)));
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
        return new Tile(caption, file, Pictures.picture(image));
    }
}
