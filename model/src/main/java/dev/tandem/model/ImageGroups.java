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
    private static final int MOST_IMAGES = 8;
    /** Groups of larger images need much memory and are hardly faster. */
    private static final int MOST_PIXELS = MOST_IMAGES * 128 * 128;

    private final InferenceSession session;
    private final Map<Integer, Boolean> givesTheSameBits = new HashMap<>();

    ImageGroups(InferenceSession session) {
        this.session = session;
    }

    /**
     * @param inputs by name, with the same number of images
     * @return the outputs by name
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs) {
        int images = inputs.values().iterator().next().shape().batch();
        int most = largestGroup(inputs);
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        for (int from = 0; from < images; from += most) {
            outputs.add(runGroup(rows(inputs, from, Math.min(images, from + most))));
        }
        return stack(outputs);
    }

    private static int largestGroup(Map<String, Tensor> inputs) {
        int pixels = inputs.values().stream()
                .map(Tensor::shape)
                .filter(shape -> shape.rank() == 4)
                .mapToInt(shape -> shape.height() * shape.width())
                .max()
                .orElseThrow();
        return Math.max(1, Math.min(MOST_IMAGES, MOST_PIXELS / pixels));
    }

    private Map<String, Tensor> runGroup(Map<String, Tensor> group) {
        int images = group.values().iterator().next().shape().batch();
        if (images == 1 || givesTheSameBits.getOrDefault(images, false)) {
            return session.run(group);
        }
        Map<String, Tensor> oneByOne = stack(IntStream.range(0, images)
                .mapToObj(i -> session.run(rows(group, i, i + 1)))
                .toList());
        givesTheSameBits.computeIfAbsent(images, size -> sameBits(session.run(group), oneByOne));
        return oneByOne;
    }

    private static boolean sameBits(Map<String, Tensor> some, Map<String, Tensor> others) {
        return some.keySet().stream()
                .allMatch(name ->
                        Arrays.equals(some.get(name).data(), others.get(name).data()));
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
