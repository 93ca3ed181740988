package dev.tandem.model.engine;

/**
 * A linear map along one axis of an image, as a matrix.
 *
 * @param from length of the axis before the map
 * @param to length of the axis after the map
 * @param matrix (to, from), row-major
 */
public record Resampling(int from, int to, double[] matrix) {

    public Resampling {
        if (matrix.length != to * from) {
            throw new IllegalArgumentException(
                    "a map from " + from + " to " + to + " needs " + to * from + " entries, not " + matrix.length);
        }
    }

    /** Bilinear doubling with half-pixel centres (PyTorch's Upsample(scale_factor=2, align_corners=False)). */
    public static Resampling bilinearDoubling(int length) {
        double[] matrix = new double[2 * length * length];
        for (int i = 0; i < 2 * length; i++) {
            double source = Math.max(0, (i + 0.5) / 2 - 0.5);
            int lower = (int) source;
            int upper = Math.min(lower + 1, length - 1);
            matrix[i * length + lower] += 1 - (source - lower);
            matrix[i * length + upper] += source - lower;
        }
        return new Resampling(length, 2 * length, matrix);
    }

    /** Padding by one element at both ends, mirrored without repeating the border (PyTorch's ReflectionPad(1)). */
    public static Resampling reflectionPad(int length) {
        double[] matrix = new double[(length + 2) * length];
        for (int i = 0; i < length + 2; i++) {
            int mirrored = Math.abs(i - 1);
            matrix[i * length + (mirrored < length ? mirrored : 2 * (length - 1) - mirrored)] = 1;
        }
        return new Resampling(length, length + 2, matrix);
    }

    /** The composition: this map followed by another. */
    public Resampling then(Resampling next) {
        if (next.from != to) {
            throw new IllegalArgumentException("a map from " + next.from + " cannot follow one to " + to);
        }
        double[] product = new double[next.to * from];
        for (int i = 0; i < next.to; i++) {
            for (int k = 0; k < to; k++) {
                for (int j = 0; j < from; j++) {
                    product[i * from + j] += next.matrix[i * to + k] * matrix[k * from + j];
                }
            }
        }
        return new Resampling(from, next.to, product);
    }
}
