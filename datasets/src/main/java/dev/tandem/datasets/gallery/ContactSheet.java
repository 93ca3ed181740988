package dev.tandem.datasets.gallery;

import dev.tandem.datasets.gallery.Row.Tile;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws rows of images as one image, with the captions as column headings. */
final class ContactSheet {
    private static final int MIN_TILE_HEIGHT = 96;
    private static final int GAP = 4;
    private static final int HEADING = 28;
    private static final Color BACKGROUND = new Color(0xe8e8ec);

    private ContactSheet() {}

    /** @param rows rows with images of one size, the same number of tiles and the same captions */
    static BufferedImage draw(List<Row> rows) {
        List<Tile> columns = rows.get(0).tiles();
        BufferedImage first = columns.get(0).image();
        int scale = Math.max(1, (MIN_TILE_HEIGHT + first.getHeight() - 1) / first.getHeight());
        int width = first.getWidth() * scale;
        int height = first.getHeight() * scale;
        BufferedImage sheet = new BufferedImage(
                columns.size() * (width + GAP) + GAP,
                rows.size() * (height + GAP) + GAP + HEADING,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(BACKGROUND);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        drawHeadings(graphics, columns.stream().map(Tile::caption).toList(), width);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                int x = GAP + column * (width + GAP);
                int y = GAP + HEADING + row * (height + GAP);
                graphics.drawImage(rows.get(row).tiles().get(column).image(), x, y, width, height, null);
            }
        }
        graphics.dispose();
        return sheet;
    }

    private static void drawHeadings(Graphics2D graphics, List<String> headings, int width) {
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.DARK_GRAY);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        FontMetrics metrics = graphics.getFontMetrics();
        for (int column = 0; column < headings.size(); column++) {
            int left = GAP + column * (width + GAP);
            int centred = left + (width - metrics.stringWidth(headings.get(column))) / 2;
            graphics.drawString(headings.get(column), centred, HEADING - 8);
        }
    }
}
