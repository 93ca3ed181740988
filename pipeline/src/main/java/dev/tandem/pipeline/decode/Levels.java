package dev.tandem.pipeline.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A picture's channels apart, levels 0 to 255: red, green, blue, and alpha if it has one. Colours are weighed by alpha, or
 * those of what cannot be seen would bleed into the edges of what can.
 */
record Levels(List<float[]> planes) {
    private static final int COLOURS = 3;

    /** @param pixels 0xAARRGGBB */
    static Levels of(int[] pixels, boolean alpha) {
        List<float[]> planes = new ArrayList<>();
        for (int c = 0; c < COLOURS; c++) {
            planes.add(plane(pixels, 16 - 8 * c));
        }
        if (alpha) {
            float[] weights = plane(pixels, 24);
            planes.forEach(plane -> weigh(plane, weights));
            planes.add(weights);
        }
        return new Levels(planes);
    }

    Levels map(UnaryOperator<float[]> operation) {
        return new Levels(planes.stream().map(operation).toList());
    }

    int[] pixels() {
        float[] red = planes.get(0);
        float[] green = planes.get(1);
        float[] blue = planes.get(2);
        int[] pixels = new int[red.length];
        boolean alpha = planes.size() > COLOURS;
        for (int i = 0; i < pixels.length; i++) {
            int weight = alpha ? (int) planes.get(COLOURS)[i] : 255;
            pixels[i] = weight << 24
                    | unweighed(red[i], weight) << 16
                    | unweighed(green[i], weight) << 8
                    | unweighed(blue[i], weight);
        }
        return pixels;
    }

    private static float[] plane(int[] pixels, int shift) {
        float[] plane = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            plane[i] = pixels[i] >>> shift & 0xff;
        }
        return plane;
    }

    private static void weigh(float[] plane, float[] weights) {
        for (int i = 0; i < plane.length; i++) {
            plane[i] *= weights[i] / 255;
        }
    }

    private static int unweighed(float level, int weight) {
        return weight == 255 || weight == 0 ? (int) level : Math.min(255, Math.round(level * 255 / weight));
    }
}
