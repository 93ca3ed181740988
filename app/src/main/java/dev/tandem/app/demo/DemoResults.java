package dev.tandem.app.demo;

import dev.tandem.app.demo.DemoData.HeldOut;
import dev.tandem.config.Settings;
import dev.tandem.datasets.files.JsonFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.datasets.gallery.Gallery;
import dev.tandem.datasets.gallery.Page;
import dev.tandem.datasets.gallery.Row;
import dev.tandem.datasets.gallery.Row.Tile;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.InvalidInput;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what the demo leaves behind: pictures, contact sheet, page and summary. */
final class DemoResults {
    private static final String LEAD = """
            <h1>Many translations of one input</h1>
            <p>Every row is an input the model never saw in training: what it was given, one true picture, and what
            it makes of it with different latents.</p>
            <p class="facts">%s</p>
            """;

    private final Path out;
    private final Settings settings;
    private final DemoData data;
    private final int samples;

    DemoResults(Path out, Settings settings, DemoData data, int samples) {
        this.out = out;
        this.settings = settings;
        this.data = data;
        this.samples = samples;
    }

    void write(Map<String, List<byte[]>> translations, Map<String, Object> summary, String facts) {
        List<Row> rows = new ArrayList<>();
        for (HeldOut source : data.heldOut()) {
            List<byte[]> pngs = translations.getOrDefault(source.name(), List.of());
            if (pngs.size() == samples) {
                rows.add(row(source, pngs));
            }
        }
        Gallery gallery = new Gallery(out, "translations");
        String pictures = gallery.write(rows);
        gallery.writePage(
                "gallery.html",
                Page.head(data.name())
                        + LEAD.formatted(Page.escaped(facts))
                        + pictures
                        + Page.foot(data.attribution()));
        JsonFiles.write(out.resolve("summary.json"), summary);
    }

    private Row row(HeldOut source, List<byte[]> pngs) {
        ModelImages images = new ModelImages(settings);
        List<Tile> tiles = new ArrayList<>(List.of(
                new Tile("input", "input", images.resized(source.a())),
                new Tile("truth", "truth", images.resized(source.truth()))));
        ImageDecoder decoder =
                new ImageDecoder(settings.images(), settings.model().seesAlpha());
        for (int i = 1; i <= pngs.size(); i++) {
            tiles.add(new Tile("sample " + i, "" + i, decoded(decoder, pngs.get(i - 1))));
        }
        return new Row(source.name(), tiles);
    }

    private static BufferedImage decoded(ImageDecoder decoder, byte[] png) {
        try {
            return decoder.decode(png);
        } catch (InvalidInput e) {
            throw new IllegalStateException("a translation is no image", e);
        }
    }
}
