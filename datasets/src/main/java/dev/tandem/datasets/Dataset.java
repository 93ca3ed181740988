package dev.tandem.datasets;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A named list of image pairs.
 *
 * @param attribution authors and license of the images
 */
public record Dataset(String name, String attribution, List<Example> examples) {

    /**
     * A pair of images.
     *
     * @param group pairs with the same outline have the same group; a group is never divided between training and held-out
     *     pairs
     * @param facts known properties of B, for measurements
     * @param renderer draws A|B for a side length
     */
    public record Example(String name, String group, Map<String, Double> facts, IntFunction<BufferedImage> renderer) {

        /**
         * Draws the pair with A on the left and B on the right.
         *
         * @param side height of the image and half its width, in pixels
         */
        public BufferedImage render(int side) {
            return renderer.apply(side);
        }
    }

    /** The examples of one split. */
    public List<Example> split(Split split, long seed) {
        return examples.stream()
                .filter(example -> Split.of(example.group(), seed) == split)
                .toList();
    }
}
