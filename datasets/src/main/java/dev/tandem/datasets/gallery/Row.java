package dev.tandem.datasets.gallery;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * An input and what belongs to it.
 *
 * @param pictures of one size
 */
public record Row(String name, List<Tile> pictures) {

    /**
     * A picture and what it is.
     *
     * @param file the end of its file's name, behind the row's: {@code 1} for {@code NAME-1.png}
     */
    public record Tile(String caption, String file, BufferedImage picture) {}
}
