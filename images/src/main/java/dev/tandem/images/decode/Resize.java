package dev.tandem.images.decode;

import java.util.Arrays;

/**
 * Bicubic resizing (Catmull-Rom), over an area where it shrinks: what Pillow's BICUBIC does, to the bit. Can do no more than
 * a part of the result.
 *
 * <p>Works on lines of pixels, an array each, from its beginning to its end: only of such loops does the JVM make vectors.
 * That is why it makes columns of columns as it makes rows of rows, with the picture on its side.
 *
 * @param rows from the original's rows to the result's
 * @param columns likewise
 */
record Resize(Axis rows, Axis columns) {
    private static final int[] COLOURS = {16, 8, 0};
    private static final int[] ALPHA_AND_COLOURS = {24, 16, 8, 0};

    /** @param crop of the picture of {@code width} by {@code height}, which is the result */
    static Resize of(int fromWidth, int fromHeight, int width, int height, Crop crop) {
        return new Resize(
                Axis.of(fromHeight, height, crop.y(), crop.height()),
                Axis.of(fromWidth, width, crop.x(), crop.width()));
    }

    /** What of the original it reads. */
    Crop source() {
        return new Crop(columns.from(), rows.from(), columns.length(), rows.length());
    }

    /**
     * Resizes {@link #source} of the original.
     *
     * @param lines of pixels, 0xAARRGGBB
     * @param alpha whether alpha counts; colours are then weighed by it
     */
    int[][] apply(int[][] lines, boolean alpha) {
        int[] channels = alpha ? ALPHA_AND_COLOURS : COLOURS;
        return rows.apply(onItsSide(columns.apply(onItsSide(lines), channels)), channels);
    }

    /** Block by block, which the processor's cache can hold. */
    private static int[][] onItsSide(int[][] lines) {
        int block = 16;
        int[][] turned = new int[lines[0].length][lines.length];
        for (int y = 0; y < lines.length; y += block) {
            for (int x = 0; x < turned.length; x += block) {
                turn(lines, turned, y, x, block);
            }
        }
        return turned;
    }

    private static void turn(int[][] lines, int[][] turned, int top, int left, int block) {
        int bottom = Math.min(top + block, lines.length);
        int right = Math.min(left + block, turned.length);
        for (int x = left; x < right; x++) {
            int[] column = turned[x];
            for (int y = top; y < bottom; y++) {
                column[y] = lines[y][x];
            }
        }
    }

    /**
     * One direction, in fixed point.
     *
     * @param from first line of the original that counts
     * @param first that makes a line of the result, for each of them, counted from {@code from}
     * @param weights of this and of those that follow it, for each line of the result
     */
    record Axis(int from, int[] first, int[][] weights) {
        private static final double RADIUS = 2;
        private static final double SHARPNESS = -0.5;
        /** What is left of an int beside a level and the sign of an overshoot. */
        private static final int FRACTION_BITS = 22;

        private static final int HALF = 1 << FRACTION_BITS - 1;

        static Axis of(int from, int to, int start, int length) {
            double scale = (double) from / to;
            double stretch = Math.max(1, scale);
            int taps = Math.min(from, 2 * (int) Math.ceil(RADIUS * stretch));
            int[] first = new int[length];
            int[][] weights = new int[length][];
            for (int i = 0; i < length; i++) {
                double centre = (start + i + 0.5) * scale;
                int lowest = (int) Math.floor(centre - RADIUS * stretch + 0.5);
                first[i] = Math.max(0, Math.min(lowest, from - taps));
                weights[i] = weights(first[i], taps, centre, stretch);
            }
            int least = first[0];
            return new Axis(
                    least, Arrays.stream(first).map(line -> line - least).toArray(), weights);
        }

        private static int[] weights(int first, int taps, double centre, double stretch) {
            double[] bell = new double[taps];
            Arrays.setAll(bell, k -> bell((first + k + 0.5 - centre) / stretch));
            double sum = Arrays.stream(bell).sum();
            return Arrays.stream(bell)
                    .mapToInt(weight -> (int) Math.round(weight / sum * (1 << FRACTION_BITS)))
                    .toArray();
        }

        /** Keys's cubic convolution kernel (1981). */
        private static double bell(double at) {
            double x = Math.abs(at);
            if (x < 1) {
                return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
            }
            return x < RADIUS ? SHARPNESS * (((x - 5) * x + 8) * x - 4) : 0;
        }

        /** How many lines of the original count. */
        int length() {
            return first[first.length - 1] + weights[0].length;
        }

        /** @param lines those of the original that count */
        int[][] apply(int[][] lines, int[] channels) {
            int[][] result = new int[first.length][lines[0].length];
            int[] sums = new int[lines[0].length];
            for (int i = 0; i < result.length; i++) {
                for (int channel : channels) {
                    Arrays.fill(sums, HALF);
                    for (int k = 0; k < weights[i].length; k++) {
                        add(sums, lines[first[i] + k], channel, weights[i][k]);
                    }
                    put(result[i], sums, channel);
                }
            }
            return result;
        }

        private static void add(int[] sums, int[] line, int channel, int weight) {
            for (int x = 0; x < sums.length; x++) {
                sums[x] += weight * (line[x] >>> channel & 0xff);
            }
        }

        /** Cuts to 0..255 by bits: of {@link Math#min} the JVM makes no vectors. */
        private static void put(int[] line, int[] sums, int channel) {
            for (int x = 0; x < sums.length; x++) {
                int level = sums[x] >> FRACTION_BITS;
                int positive = level & ~(level >> 31);
                line[x] |= ((positive | 255 - positive >> 31) & 0xff) << channel;
            }
        }
    }
}
