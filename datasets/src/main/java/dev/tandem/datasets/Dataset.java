package dev.tandem.datasets;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /**
     * The first examples of both splits, in the order of the data set. One tenth of them is held out, whatever their number,
     * and an example is in the same split with any number.
     *
     * @param count number of examples; all if there are fewer
     */
    public List<Example> first(int count, long seed) {
        List<Example> train = split(Split.TRAIN, seed);
        List<Example> heldOut = split(Split.HELD_OUT, seed);
        int total = Math.min(count, examples.size());
        int wanted = Math.round((float) total / Split.HELD_OUT_INTERVAL);
        int held = Math.min(heldOut.size(), Math.max(wanted, total - train.size()));
        Set<Example> first = Stream.concat(
                        train.stream().limit(total - held), heldOut.stream().limit(held))
                .collect(Collectors.toSet());
        return examples.stream().filter(first::contains).toList();
    }
}
