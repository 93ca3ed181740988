package dev.tandem.datasets.gallery;

import org.apache.commons.text.StringEscapeUtils;

/** Parts of an HTML page. The page refers to no files except the images beside it. */
public final class Page {
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
            .facts, figcaption, footer, .key { color: GrayText; }
            .row { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .25rem; align-items: flex-end; }
            figure { margin: 0; }
            figcaption { font-size: .75rem; padding-bottom: .125rem; }
            img { width: 6rem; display: block; border-radius: .375rem; background: white; }
            h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
            h3 { font-size: .9rem; font-weight: 600; margin: 1.25rem 0 .25rem; }
            table { border-collapse: collapse; }
            td { padding: .2rem 1.5rem .2rem 0; border-bottom: 1px solid color-mix(in srgb, GrayText 30%%, transparent); }
            td.value { text-align: right; font-variant-numeric: tabular-nums; width: 4.5rem; }
            @media (max-width: 45rem) { td.key { display: none; } }
            .key { font-family: ui-monospace, monospace; font-size: .8rem; }
            </style>
            </head>
            <body>
            """;

    private Page() {}

    /** Start of the page, up to the opening body tag. */
    public static String head(String title) {
        return HEAD.formatted(escaped(title));
    }

    /** Heading of a row. */
    public static String heading(String name) {
        return "<h3>" + escaped(name) + "</h3>\n";
    }

    /**
     * An image with its caption.
     *
     * @param file path of the image, relative to the page
     * @param name name of the row, for the alternative text
     */
    public static String figure(String caption, String file, String name) {
        return "<figure><figcaption>%s</figcaption><img src=\"%s\" alt=\"%s of %s\"></figure>%n"
                .formatted(escaped(caption), escaped(file), escaped(caption), escaped(name));
    }

    /** End of the page, with the attribution of the images. */
    public static String foot(String attribution) {
        return "<footer><p>" + escaped(attribution) + "</p></footer>\n</body>\n</html>\n";
    }

    /** Text with HTML's special characters escaped. */
    public static String escaped(String text) {
        return StringEscapeUtils.escapeHtml4(text);
    }
}
