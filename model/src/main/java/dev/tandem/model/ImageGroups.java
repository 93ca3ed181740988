package dev.tandem.model;

import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a network for a batch of images, in groups.
 *
 * <p>A group is faster than single images, but a library can choose other algorithms for it, and then the bits of an image
 * would depend on the other images. The choice depends on the shape, so the first group of each size is also computed image
 * by image, and groups of this size are used only if the bits are the same.
 */
final class ImageGroups {
    /** Limits the memory of a group: 8 images of 128x128. */
    private static final int MAX_PIXELS = 8 * 128 * 128;

    private final InferenceSession session;
    /** Whether groups of a size may be used. */
    private final Map<Integer, Boolean> usable = new HashMap<>();

    ImageGroups(InferenceSession session) {
        this.session = session;
    }

    /**
     * @param inputs by name, with the same number of images
     * @return the outputs by name
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs) {
        int images = inputs.values().iterator().next().shape().batch();
        int size = largestGroup(inputs);
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        for (int from = 0; from < images; from += size) {
            outputs.add(runGroup(rows(inputs, from, Math.min(images, from + size))));
        }
        return stack(outputs);
    }

    private int largestGroup(Map<String, Tensor> inputs) {
        int pixels = inputs.values().stream()
                .map(Tensor::shape)
                .filter(shape -> shape.rank() == 4)
                .mapToInt(shape -> shape.height() * shape.width())
                .max()
                .orElseThrow();
        return Math.max(1, Math.min(session.maxImages(), MAX_PIXELS / pixels));
    }

    private Map<String, Tensor> runGroup(Map<String, Tensor> group) {
        int images = group.values().iterator().next().shape().batch();
        if (images == 1 || usable.getOrDefault(images, false)) {
            return session.run(group);
        }
        Map<String, Tensor> oneByOne = stack(IntStream.range(0, images)
                .mapToObj(i -> session.run(rows(group, i, i + 1)))
                .toList());
        usable.computeIfAbsent(images, key -> sameBits(session.run(group), oneByOne));
        return oneByOne;
    }

    private static boolean sameBits(Map<String, Tensor> actual, Map<String, Tensor> expected) {
        return actual.keySet().stream()
                .allMatch(name -> Arrays.equals(
                        actual.get(name).data(), expected.get(name).data()));
    }

    private static Map<String, Tensor> rows(Map<String, Tensor> tensors, int from, int to) {
        return tensors.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, tensor -> tensor.getValue().rows(from, to)));
    }

    private static Map<String, Tensor> stack(List<Map<String, Tensor>> parts) {
        return parts.get(0).keySet().stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> Tensor.stack(
                                parts.stream().map(part -> part.get(name)).toList())));
    }
}
