package dev.tandem.pipeline.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A picture's channels apart, levels 0 to 255: red, green, blue, and alpha if it has one. Colours are weighed by alpha, or
 * those of what cannot be seen would bleed into the edges of what can.
 */
record Levels(List<int[]> planes) {
    private static final int COLOURS = 3;

    /** @param pixels 0xAARRGGBB */
    static Levels of(int[] pixels, boolean alpha) {
        List<int[]> planes = new ArrayList<>();
        for (int c = 0; c < COLOURS; c++) {
            planes.add(plane(pixels, 16 - 8 * c));
        }
        if (alpha) {
            int[] weights = plane(pixels, 24);
            planes.forEach(plane -> weigh(plane, weights));
            planes.add(weights);
        }
        return new Levels(planes);
    }

    Levels map(UnaryOperator<int[]> operation) {
        return new Levels(planes.stream().map(operation).toList());
    }

    int[] pixels() {
        int[] red = planes.get(0);
        int[] green = planes.get(1);
        int[] blue = planes.get(2);
        int[] pixels = new int[red.length];
        boolean alpha = planes.size() > COLOURS;
        for (int i = 0; i < pixels.length; i++) {
            int weight = alpha ? planes.get(COLOURS)[i] : 255;
            pixels[i] = weight << 24
                    | unweighed(red[i], weight) << 16
                    | unweighed(green[i], weight) << 8
                    | unweighed(blue[i], weight);
        }
        return pixels;
    }

    private static int[] plane(int[] pixels, int shift) {
        int[] plane = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            plane[i] = pixels[i] >>> shift & 0xff;
        }
        return plane;
    }

    private static void weigh(int[] plane, int[] weights) {
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (plane[i] * weights[i] + 127) / 255;
        }
    }

    private static int unweighed(int level, int weight) {
        return weight == 255 || weight == 0 ? level : Math.min(255, (level * 255 + weight / 2) / weight);
    }
}
