package dev.tandem.model.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * A float32 array in row-major order (images: NCHW, values in [-1, 1]).
 *
 * <p>The array is shared, not copied: whoever hands a tensor on does not write to it any more.
 */
public record Tensor(Shape shape, float[] data) {

    public Tensor {
        if (data.length != shape.size()) {
            throw new IllegalArgumentException(
                    "shape " + shape + " has " + shape.size() + " elements, the data " + data.length);
        }
    }

    public static Tensor of(Shape shape, float... data) {
        return new Tensor(shape, data);
    }

    public static Tensor zeros(int... dimensions) {
        Shape shape = Shape.of(dimensions);
        return new Tensor(shape, new float[shape.size()]);
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of the outermost dimension. */
    public Tensor rows(int from, int to) {
        int row = shape.size() / shape.batch();
        return new Tensor(shape.withBatch(to - from), Arrays.copyOfRange(data, from * row, to * row));
    }

    /** Stacks tensors of the same inner shape along the outermost dimension. */
    public static Tensor stack(List<Tensor> parts) {
        int rows = parts.stream().mapToInt(part -> part.shape.batch()).sum();
        Shape shape = parts.get(0).shape.withBatch(rows);
        float[] data = new float[shape.size()];
        int at = 0;
        for (Tensor part : parts) {
            if (!part.shape.withBatch(1).equals(shape.withBatch(1))) {
                throw new IllegalArgumentException("cannot stack " + part.shape + " under " + parts.get(0).shape);
            }
            System.arraycopy(part.data, 0, data, at, part.data.length);
            at += part.data.length;
        }
        return new Tensor(shape, data);
    }

    /** Puts the channels of two batches of images one behind the other: (N, C, H, W), (N, D, H, W) to (N, C + D, H, W). */
    public static Tensor joinChannels(Tensor a, Tensor b) {
        Shape shape = a.shape.withDim(1, a.shape.channels() + b.shape.channels());
        float[] data = new float[shape.size()];
        int fromA = a.data.length / a.shape.batch();
        int fromB = b.data.length / b.shape.batch();
        for (int i = 0; i < shape.batch(); i++) {
            System.arraycopy(a.data, i * fromA, data, i * (fromA + fromB), fromA);
            System.arraycopy(b.data, i * fromB, data, i * (fromA + fromB) + fromA, fromB);
        }
        return new Tensor(shape, data);
    }

    @Override
    public String toString() {
        return "Tensor" + shape;
    }
}
