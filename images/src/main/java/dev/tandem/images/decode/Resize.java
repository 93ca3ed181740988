package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings.Filter;
import java.util.Arrays;

/**
 * Bicubic (Catmull-Rom) or nearest-neighbour resizing, bit-identical to Pillow's BICUBIC and NEAREST. It can be limited to
 * a part of the result.
 *
 * <p>Bicubic downsizing stretches the kernel over all source pixels (antialiasing). The loops run over whole lines of pixels, one
 * array per line, because the JVM vectorizes only such loops. Columns are therefore resized as rows of the transposed
 * image.
 *
 * @param rows maps rows of the source to rows of the result
 * @param columns maps columns of the source to columns of the result
 */
record Resize(Axis rows, Axis columns) {
    private static final int[] RGB_SHIFTS = {16, 8, 0};
    private static final int[] ARGB_SHIFTS = {24, 16, 8, 0};

    /**
     * Creates a resize to {@code width} by {@code height}.
     *
     * @param crop the part of the resized image to compute
     */
    static Resize of(Filter filter, int sourceWidth, int sourceHeight, int width, int height, Crop crop) {
        return new Resize(
                Axis.of(filter, sourceHeight, height, crop.y(), crop.height()),
                Axis.of(filter, sourceWidth, width, crop.x(), crop.width()));
    }

    /** The part of the source that the result depends on. */
    Crop sourcePart() {
        return new Crop(columns.start(), rows.start(), columns.sourceLength(), rows.sourceLength());
    }

    /**
     * Resizes the {@link #sourcePart} of the source.
     *
     * @param lines rows of pixels, 0xAARRGGBB; with alpha, the colours are premultiplied
     * @param alpha whether alpha is resized too
     */
    int[][] apply(int[][] lines, boolean alpha) {
        int[] channels = alpha ? ARGB_SHIFTS : RGB_SHIFTS;
        return rows.apply(transposed(columns.apply(transposed(lines), channels)), channels);
    }

    /** Transposes block by block, so that each block fits into the processor's cache. */
    private static int[][] transposed(int[][] lines) {
        int block = 16;
        int[][] transposed = new int[lines[0].length][lines.length];
        for (int y = 0; y < lines.length; y += block) {
            for (int x = 0; x < transposed.length; x += block) {
                transposeBlock(lines, transposed, y, x, block);
            }
        }
        return transposed;
    }

    private static void transposeBlock(int[][] lines, int[][] transposed, int top, int left, int block) {
        int bottom = Math.min(top + block, lines.length);
        int right = Math.min(left + block, transposed.length);
        for (int x = left; x < right; x++) {
            int[] column = transposed[x];
            for (int y = top; y < bottom; y++) {
                column[y] = lines[y][x];
            }
        }
    }

    /**
     * The resize in one direction, in fixed-point arithmetic. Each line of the result is a weighted sum of consecutive
     * lines of the source.
     *
     * @param start first line of the source that is read
     * @param first for each line of the result, its first source line, counted from {@code start}
     * @param weights for each line of the result, the weights of its source lines
     */
    record Axis(int start, int[] first, int[][] weights) {
        private static final double RADIUS = 2;
        private static final double SHARPNESS = -0.5;
        /** The bits of an int that remain beside an 8-bit level, its overshoot and the sign. */
        private static final int FRACTION_BITS = 22;

        private static final int HALF = 1 << FRACTION_BITS - 1;

        /**
         * Computes the weights of one direction.
         *
         * @param source length of the source
         * @param target length of the whole result
         * @param offset first line of the result to compute
         * @param length number of lines to compute
         */
        static Axis of(Filter filter, int source, int target, int offset, int length) {
            return switch (filter) {
                case BICUBIC -> bicubic(source, target, offset, length);
                case NEAREST -> nearest(source, target, offset, length);
            };
        }

        /** Each line of the result is one line of the source. */
        private static Axis nearest(int source, int target, int offset, int length) {
            double scale = (double) source / target;
            double centre = scale / 2;
            int[] first = new int[length];
            for (int i = 0; i < offset + length; i++) {
                if (i >= offset) {
                    first[i - offset] = (int) centre;
                }
                // Pillow sums up too. A product has other rounding errors, and centres between two pixels are frequent.
                centre += scale;
            }
            int[][] weights = new int[length][];
            Arrays.fill(weights, new int[] {1 << FRACTION_BITS});
            return fromFirst(first, weights);
        }

        private static Axis bicubic(int source, int target, int offset, int length) {
            double scale = (double) source / target;
            double stretch = Math.max(1, scale);
            int taps = Math.min(source, 2 * (int) Math.ceil(RADIUS * stretch));
            int[] first = new int[length];
            int[][] weights = new int[length][];
            for (int i = 0; i < length; i++) {
                double centre = (offset + i + 0.5) * scale;
                int lowest = (int) Math.floor(centre - RADIUS * stretch + 0.5);
                first[i] = Math.max(0, Math.min(lowest, source - taps));
                weights[i] = weights(first[i], taps, centre, stretch);
            }
            return fromFirst(first, weights);
        }

        private static Axis fromFirst(int[] first, int[][] weights) {
            int start = first[0];
            return new Axis(
                    start, Arrays.stream(first).map(line -> line - start).toArray(), weights);
        }

        private static int[] weights(int first, int taps, double centre, double stretch) {
            double[] values = new double[taps];
            Arrays.setAll(values, k -> kernel((first + k + 0.5 - centre) / stretch));
            double sum = Arrays.stream(values).sum();
            return Arrays.stream(values)
                    .mapToInt(weight -> (int) Math.round(weight / sum * (1 << FRACTION_BITS)))
                    .toArray();
        }

        /** The cubic convolution kernel of Keys (1981). */
        private static double kernel(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
            }
            return x < RADIUS ? SHARPNESS * (((x - 5) * x + 8) * x - 4) : 0;
        }

        /** The number of source lines that are read. */
        int sourceLength() {
            return first[first.length - 1] + weights[0].length;
        }

        /**
         * Computes the lines of the result.
         *
         * @param lines the source lines from {@code start} on
         * @param channels bit positions of the channels to compute
         */
        int[][] apply(int[][] lines, int[] channels) {
            int[][] result = new int[first.length][lines[0].length];
            int[] sums = new int[lines[0].length];
            for (int i = 0; i < result.length; i++) {
                for (int channel : channels) {
                    Arrays.fill(sums, HALF);
                    for (int k = 0; k < weights[i].length; k++) {
                        add(sums, lines[first[i] + k], channel, weights[i][k]);
                    }
                    store(result[i], sums, channel);
                }
            }
            return result;
        }

        private static void add(int[] sums, int[] line, int channel, int weight) {
            for (int x = 0; x < sums.length; x++) {
                sums[x] += weight * (line[x] >>> channel & 0xff);
            }
        }

        /** Clamps to 0..255 with bit operations, because the JVM does not vectorize {@link Math#min} here. */
        private static void store(int[] line, int[] sums, int channel) {
            for (int x = 0; x < sums.length; x++) {
                int level = sums[x] >> FRACTION_BITS;
                int positive = level & ~(level >> 31);
                line[x] |= ((positive | 255 - positive >> 31) & 0xff) << channel;
            }
        }
    }
}
