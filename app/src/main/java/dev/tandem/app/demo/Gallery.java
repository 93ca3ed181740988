package dev.tandem.app.demo;

import dev.tandem.app.demo.DemoData.HeldOut;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;

/** A page that shows the translations; refers to the pictures beside it and to nothing else. */
final class Gallery {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Tandem: %1$s</title>
            <style>
            :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
            body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
            .facts, figcaption, footer { color: GrayText; }
            .row { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .25rem; align-items: flex-end; }
            figure { margin: 0; }
            figcaption { font-size: .75rem; padding-bottom: .125rem; }
            img { width: 6.5rem; display: block; border-radius: .375rem; background: white; }
            h2 { font-size: .9rem; font-weight: 600; margin: 1.25rem 0 .25rem; }
            </style>
            </head>
            <body>
            <h1>Many translations of one input</h1>
            <p>Every row is an input the model never saw in training: what it was given, one true picture, and what
            it makes of it with different latents.</p>
            <p class="facts">%2$s</p>
            """;

    private Gallery() {}

    /** @param files file names per held-out input, relative to the page */
    static String page(DemoData data, String facts, Map<String, Files> files) {
        StringBuilder page = new StringBuilder(HEAD.formatted(escaped(data.name()), escaped(facts)));
        for (HeldOut source : data.heldOut()) {
            if (files.containsKey(source.name())) {
                page.append(row(source.name(), files.get(source.name())));
            }
        }
        return page.append("<footer><p>")
                .append(escaped(data.attribution()))
                .append("</p></footer>\n</body>\n</html>\n")
                .toString();
    }

    /** The pictures of one row, as paths relative to the page. */
    record Files(String input, String truth, List<String> samples) {}

    private static String row(String name, Files files) {
        StringBuilder row = new StringBuilder("<h2>" + escaped(name) + "</h2>\n<div class=\"row\">\n");
        row.append(figure("input", files.input(), name)).append(figure("truth", files.truth(), name));
        for (int i = 0; i < files.samples().size(); i++) {
            row.append(figure("sample " + (i + 1), files.samples().get(i), name));
        }
        return row.append("</div>\n").toString();
    }

    private static String figure(String caption, String file, String name) {
        return "<figure><figcaption>%s</figcaption><img src=\"%s\" alt=\"%s of %s\"></figure>%n"
                .formatted(caption, escaped(file), caption, escaped(name));
    }

    private static String escaped(String text) {
        return StringEscapeUtils.escapeHtml4(text);
    }
}
