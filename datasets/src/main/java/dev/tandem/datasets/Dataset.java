package dev.tandem.datasets;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Image pairs whose truth is known.
 *
 * @param attribution whom the pictures are owed to, and under which licence
 */
public record Dataset(String name, String attribution, List<Example> examples) {

    /**
     * One pair.
     *
     * @param group what must not be torn apart between training and held-out: all pairs with the same outline
     * @param facts known truths about B, for measurements
     * @param joined draws A|B for a side length: (2 side) x side pixels
     */
    public record Example(String name, String group, Map<String, Double> facts, IntFunction<BufferedImage> joined) {}

    public List<Example> of(Split split, long seed) {
        return examples.stream()
                .filter(example -> Split.of(example.group(), seed) == split)
                .toList();
    }
}
