package dev.tandem.pipeline.decode;

import java.util.Arrays;

/**
 * Bicubic resizing (Catmull-Rom), over an area where it shrinks and rounded to levels between the two directions: what
 * Pillow's BICUBIC does, to a level. Can do no more than a part of the result.
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
    float[] apply(float[] levels) {
        return columns.turned(rows.turned(levels));
    }

    /**
     * One direction.
     *
     * @param from length of the original
     * @param taps pixels of the original that make one of the result
     * @param first of these, for every pixel of the result
     * @param weights of these, likewise
     */
    record Axis(int from, int taps, int[] first, float[] weights) {
        private static final int BLOCK = 16;
        /** Floats of this size have no fraction: adding it rounds, and unlike a conversion to int the JVM makes vectors of it. */
        private static final float WHOLE = 3 << 22;

        private static final double RADIUS = 2;
        private static final double SHARPNESS = -0.5;

        static Axis of(int from, int to, int start, int length) {
            double scale = (double) from / to;
            double stretch = Math.max(1, scale);
            int taps = Math.min(from, 2 * (int) Math.ceil(RADIUS * stretch));
            int[] first = new int[length];
            float[] weights = new float[length * taps];
            for (int i = 0; i < length; i++) {
                double centre = (start + i + 0.5) * scale;
                int lowest = (int) Math.round(centre - RADIUS * stretch);
                first[i] = Math.max(0, Math.min(lowest, from - taps));
                double[] bell = new double[taps];
                for (int k = 0; k < taps; k++) {
                    bell[k] = bell((first[i] + k + 0.5 - centre) / stretch);
                }
                double sum = Arrays.stream(bell).sum();
                for (int k = 0; k < taps; k++) {
                    weights[i * taps + k] = (float) (bell[k] / sum);
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

        /** The rows made anew, as columns: with rows in memory's order the inner loop is one the JVM makes vectors of. */
        float[] turned(float[] levels) {
            int width = levels.length / from;
            int height = first.length;
            float[] turned = new float[width * height];
            float[] rows = new float[BLOCK * width];
            for (int top = 0; top < height; top += BLOCK) {
                int block = Math.min(BLOCK, height - top);
                Arrays.fill(rows, 0);
                for (int i = 0; i < block; i++) {
                    for (int k = 0; k < taps; k++) {
                        int source = (first[top + i] + k) * width;
                        add(rows, i * width, levels, source, width, weights[(top + i) * taps + k]);
                    }
                }
                round(rows);
                turn(rows, block, width, turned, top, height);
            }
            return turned;
        }

        private static void add(float[] to, int at, float[] levels, int source, int width, float weight) {
            for (int x = 0; x < width; x++) {
                to[at + x] += weight * levels[source + x];
            }
        }

        private static void round(float[] levels) {
            for (int i = 0; i < levels.length; i++) {
                levels[i] = Math.max(0, Math.min(255, levels[i])) + WHOLE - WHOLE;
            }
        }

        /** By blocks, so that what is written to one line of the cache is written at once. */
        private static void turn(float[] rows, int block, int width, float[] turned, int top, int height) {
            for (int x = 0; x < width; x++) {
                int at = x * height + top;
                for (int i = 0; i < block; i++) {
                    turned[at + i] = rows[i * width + x];
                }
            }
        }
    }
}
