package dev.tandem.model.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * A float32 array in row-major order. Images are (N, C, H, W) with values in [-1, 1].
 *
 * <p>The array is not copied, so code that has passed a tensor on must not write to it.
 */
public record Tensor(Shape shape, float[] data) implements Input {

    public Tensor {
        if (data.length != shape.size()) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.size() + " elements, got " + data.length);
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

    /**
     * Concatenates tensors along the outermost dimension.
     *
     * @throws IllegalArgumentException if their other dimensions differ
     */
    public static Tensor stack(List<Tensor> parts) {
        int rows = parts.stream().mapToInt(part -> part.shape.batch()).sum();
        Shape shape = parts.get(0).shape.withBatch(rows);
        float[] data = new float[shape.size()];
        int position = 0;
        for (Tensor part : parts) {
            if (!part.shape.withBatch(1).equals(shape.withBatch(1))) {
                throw new IllegalArgumentException("cannot stack " + part.shape + " and " + parts.get(0).shape);
            }
            System.arraycopy(part.data, 0, data, position, part.data.length);
            position += part.data.length;
        }
        return new Tensor(shape, data);
    }

    @Override
    public String toString() {
        return "Tensor" + shape;
    }
}
