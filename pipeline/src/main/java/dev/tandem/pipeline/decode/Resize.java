package dev.tandem.pipeline.decode;

import java.util.Arrays;

/**
 * Bicubic resizing (Catmull-Rom), over an area where it shrinks: what Pillow's BICUBIC does, to the bit. Can do no more than
 * a part of the result.
 *
 * @param rows from the original's rows to the result's
 * @param columns likewise
 */
record Resize(Axis rows, Axis columns) {

    /** A part of a resized picture. */
    record Part(int x, int y, int width, int height) {}

    /** @param part of the picture of {@code width} by {@code height}, which is the result */
    static Resize of(int fromWidth, int fromHeight, int width, int height, Part part) {
        return new Resize(
                Axis.of(fromHeight, height, part.y(), part.height()),
                Axis.of(fromWidth, width, part.x(), part.width()));
    }

    /** @param levels 0 to 255, row by row */
    int[] apply(int[] levels) {
        return rows.down(columns.across(levels));
    }

    /**
     * One direction, in fixed point.
     *
     * @param from length of the original
     * @param taps pixels of the original that make one of the result
     * @param first of these, for every pixel of the result
     * @param weights first those of the first tap, for every pixel of the result, then those of the second
     */
    record Axis(int from, int taps, int[] first, int[] weights) {
        private static final double RADIUS = 2;
        private static final double SHARPNESS = -0.5;
        private static final int TAPS_OF_GROWING = 4;
        /** What is left of an int beside a level and the sign of an overshoot. */
        private static final int FRACTION_BITS = 22;

        private static final int HALF = 1 << FRACTION_BITS - 1;

        static Axis of(int from, int to, int start, int length) {
            double scale = (double) from / to;
            double stretch = Math.max(1, scale);
            int taps = Math.min(from, 2 * (int) Math.ceil(RADIUS * stretch));
            int[] first = new int[length];
            int[] weights = new int[length * taps];
            for (int i = 0; i < length; i++) {
                double centre = (start + i + 0.5) * scale;
                int lowest = (int) Math.floor(centre - RADIUS * stretch + 0.5);
                first[i] = Math.max(0, Math.min(lowest, from - taps));
                double[] bell = new double[taps];
                for (int k = 0; k < taps; k++) {
                    bell[k] = bell((first[i] + k + 0.5 - centre) / stretch);
                }
                double sum = Arrays.stream(bell).sum();
                for (int k = 0; k < taps; k++) {
                    weights[k * length + i] = (int) Math.round(bell[k] / sum * (1 << FRACTION_BITS));
                }
            }
            return new Axis(from, taps, first, weights);
        }

        /** Keys's cubic convolution kernel (1981). */
        private static double bell(double at) {
            double x = Math.abs(at);
            if (x < 1) {
                return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
            }
            return x < RADIUS ? SHARPNESS * (((x - 5) * x + 8) * x - 4) : 0;
        }

        /** Makes columns of columns. */
        int[] across(int[] levels) {
            int width = first.length;
            int[] result = new int[levels.length / from * width];
            for (int source = 0, at = 0; at < result.length; source += from, at += width) {
                if (taps == TAPS_OF_GROWING) {
                    acrossByFour(levels, source, result, at);
                } else {
                    across(levels, source, result, at);
                }
            }
            round(result);
            return result;
        }

        /** The common case without a loop inside: three times as fast. */
        private void acrossByFour(int[] levels, int source, int[] result, int at) {
            int width = first.length;
            for (int x = 0; x < width; x++) {
                int pixel = source + first[x];
                result[at + x] = weights[x] * levels[pixel]
                        + weights[width + x] * levels[pixel + 1]
                        + weights[2 * width + x] * levels[pixel + 2]
                        + weights[3 * width + x] * levels[pixel + 3];
            }
        }

        private void across(int[] levels, int source, int[] result, int at) {
            for (int x = 0; x < first.length; x++) {
                int sum = 0;
                for (int k = 0; k < taps; k++) {
                    sum += weights[k * first.length + x] * levels[source + first[x] + k];
                }
                result[at + x] = sum;
            }
        }

        /** Makes rows of rows. The inner loop is one the JVM makes vectors of. */
        int[] down(int[] levels) {
            int width = levels.length / from;
            int[] result = new int[first.length * width];
            for (int y = 0; y < first.length; y++) {
                for (int k = 0; k < taps; k++) {
                    add(result, y * width, levels, (first[y] + k) * width, width, weights[k * first.length + y]);
                }
            }
            round(result);
            return result;
        }

        private static void add(int[] to, int at, int[] levels, int source, int width, int weight) {
            for (int x = 0; x < width; x++) {
                to[at + x] += weight * levels[source + x];
            }
        }

        private static void round(int[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = Math.max(0, Math.min(255, sums[i] + HALF >> FRACTION_BITS));
            }
        }
    }
}
