package dev.tandem.datasets.gallery;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A row of a gallery: an input and the images that belong to it.
 *
 * @param tiles images of one size
 */
public record Row(String name, List<Tile> tiles) {

    /**
     * A captioned image.
     *
     * @param suffix end of the file name after the row's name: {@code 1} for {@code NAME-1.png}
     */
    public record Tile(String caption, String suffix, BufferedImage image) {}
}
