package dev.tandem.datasets.gallery;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.encode.PngEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes rows of images to a folder: each image as a file, all images as {@code contact-sheet.png}, and a page.
 *
 * @param out folder of the page and the contact sheet
 * @param imageFolder name of the folder in {@code out} that holds the images
 */
public record Gallery(Path out, String imageFolder) {

    /**
     * Writes the images and the contact sheet.
     *
     * @return HTML of the rows, for a page in {@code out}
     */
    public String write(List<Row> rows) {
        ImageFiles.createFolder(out.resolve(imageFolder));
        StringBuilder html = new StringBuilder();
        Map<String, Integer> uses = new HashMap<>();
        for (Row row : rows) {
            String safe = ImageFiles.safeName(row.name());
            int use = uses.merge(safe, 1, Integer::sum);
            String name = use == 1 ? safe : safe + "~" + use;
            html.append(Page.heading(row.name())).append("<div class=\"row\">\n");
            for (Row.Tile tile : row.tiles()) {
                String file = imageFolder + "/" + name + "-" + tile.suffix() + ".png";
                ImageFiles.write(out.resolve(file), PngEncoder.encode(tile.image()));
                html.append(Page.figure(tile.caption(), file, row.name()));
            }
            html.append("</div>\n");
        }
        if (!rows.isEmpty()) {
            ImageFiles.write(out.resolve("contact-sheet.png"), PngEncoder.encode(ContactSheet.draw(rows)));
        }
        return html.toString();
    }

    public void writePage(String file, String html) {
        ImageFiles.write(out.resolve(file), html.getBytes(StandardCharsets.UTF_8));
    }
}
