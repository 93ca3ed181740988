package dev.tandem.datasets.gallery;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.encode.PngEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Rows of pictures in a folder: every picture as a file, all of them on one contact sheet, and a page that shows them.
 *
 * @param pictures folder of the pictures inside {@code out}
 */
public record Gallery(Path out, String pictures) {

    /** @return the rows as part of a page that lies in {@code out} */
    public String write(List<Row> rows) {
        ImageFiles.folder(out.resolve(pictures));
        StringBuilder html = new StringBuilder();
        for (Row row : rows) {
            html.append(Page.heading(row.name())).append("<div class=\"row\">\n");
            for (Row.Tile tile : row.pictures()) {
                String file = pictures + "/" + ImageFiles.safeName(row.name()) + "-" + tile.file() + ".png";
                ImageFiles.write(out.resolve(file), PngEncoder.encode(tile.picture()));
                html.append(Page.figure(tile.caption(), file, row.name()));
            }
            html.append("</div>\n");
        }
        if (!rows.isEmpty()) {
            ImageFiles.write(out.resolve("contact-sheet.png"), PngEncoder.encode(ContactSheet.draw(rows)));
        }
        return html.toString();
    }

    public void writePage(String file, String page) {
        ImageFiles.write(out.resolve(file), page.getBytes(StandardCharsets.UTF_8));
    }
}
