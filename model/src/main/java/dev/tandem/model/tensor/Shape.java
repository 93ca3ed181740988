package dev.tandem.model.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The dimensions of a tensor, outermost first; images are (N, C, H, W). A scalar has no dimensions. */
public record Shape(List<Integer> dimensions) {

    public static final Shape SCALAR = of();

    public Shape {
        dimensions = List.copyOf(dimensions);
        if (dimensions.stream().anyMatch(d -> d < 0)) {
            throw new IllegalArgumentException("a dimension is negative: " + dimensions);
        }
    }

    public static Shape of(int... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /** Number of dimensions. */
    public int rank() {
        return dimensions.size();
    }

    public int dim(int axis) {
        return dimensions.get(axis);
    }

    /** N, the first dimension. */
    public int batch() {
        return dim(0);
    }

    /** C of (N, C, H, W) or of (N, C). */
    public int channels() {
        return dim(1);
    }

    /** H of (N, C, H, W). */
    public int height() {
        return dim(2);
    }

    /** W of (N, C, H, W). */
    public int width() {
        return dim(3);
    }

    /** Number of elements. */
    public int size() {
        return dimensions.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    public Shape withBatch(int batch) {
        return withDim(0, batch);
    }

    public Shape withDim(int axis, int value) {
        int[] changed = toArray();
        changed[axis] = value;
        return of(changed);
    }

    public int[] toArray() {
        return dimensions.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String toString() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
