package dev.tandem.app.demo;

import dev.tandem.config.Settings;
import dev.tandem.datasets.TrainingData;
import dev.tandem.datasets.TrainingData.HeldOut;
import dev.tandem.datasets.files.JsonFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.datasets.gallery.Gallery;
import dev.tandem.datasets.gallery.Page;
import dev.tandem.datasets.gallery.Row;
import dev.tandem.datasets.gallery.Row.Tile;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.ImageScaler;
import dev.tandem.images.decode.InvalidInput;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the results of a demo: images, contact sheet, page and summary.
 *
 * @param samples translations per input
 */
record DemoResults(Path out, Settings settings, TrainingData data, int samples) {
    private static final String INTRODUCTION = """
            <h1>Several translations of one input</h1>
            <p>Each row shows an input that was not used in training, one correct output, and translations of the input
            with different latents.</p>
            <p class="facts">%s</p>
            """;

    /** @param translations by the name of the input; inputs with missing translations are left out */
    void write(Map<String, List<byte[]>> translations, Map<String, Object> summary, String facts) {
        List<Row> rows = new ArrayList<>();
        for (HeldOut input : data.heldOut()) {
            List<byte[]> pngs = translations.getOrDefault(input.name(), List.of());
            if (pngs.size() == samples) {
                rows.add(row(input, pngs));
            }
        }
        Gallery gallery = new Gallery(out, "translations");
        String images = gallery.write(rows);
        gallery.writePage(
                "gallery.html",
                Page.head(data.name())
                        + INTRODUCTION.formatted(Page.escaped(facts))
                        + images
                        + Page.foot(data.attribution()));
        JsonFiles.write(out.resolve("summary.json"), summary);
    }

    private Row row(HeldOut input, List<byte[]> pngs) {
        ImageScaler scaler = new ModelImages(settings).scaler();
        List<Tile> tiles = new ArrayList<>(List.of(
                new Tile("input", "input", scaler.a(input.a())), new Tile("truth", "truth", scaler.b(input.truth()))));
        ImageDecoder decoder =
                new ImageDecoder(settings.images(), settings.model().hasAlpha());
        for (int i = 1; i <= pngs.size(); i++) {
            tiles.add(new Tile("sample " + i, "" + i, decoded(decoder, pngs.get(i - 1))));
        }
        return new Row(input.name(), tiles);
    }

    private static BufferedImage decoded(ImageDecoder decoder, byte[] png) {
        try {
            return decoder.decode(png);
        } catch (InvalidInput e) {
            throw new IllegalStateException("a translation is not an image", e);
        }
    }
}
