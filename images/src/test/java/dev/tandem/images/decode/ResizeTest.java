package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.images.TestImages;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nearest-neighbour resizing; bicubic resizing is tested in {@link ImagesTest}. */
class ResizeTest {

    /** The file is written by nearest.py. */
    @Test
    void resized_nearest_selectsThePixelsOfPillow() throws IOException {
        for (int[] golden : goldens("nearest.txt")) {
            int[] expected = Arrays.copyOfRange(golden, 2, golden.length);

            assertThat(row(nearest(indices(golden[0], 1), golden[1], 1)))
                    .as("width %d to %d", golden[0], golden[1])
                    .isEqualTo(expected);
            assertThat(column(nearest(indices(1, golden[0]), 1, golden[1])))
                    .as("height %d to %d", golden[0], golden[1])
                    .isEqualTo(expected);
        }
    }

    @Test
    void resized_nearestWithCrop_equalsThatPartOfTheWholeResult() throws IOException {
        for (int[] golden : goldens("nearest.txt")) {
            int from = golden[1] / 3;
            int length = golden[1] - from - golden[1] / 4;
            Crop crop = new Crop(from, 0, length, 1);

            BufferedImage part = Images.resized(indices(golden[0], 1), golden[1], 1, crop, Filter.NEAREST);

            assertThat(row(part)).isEqualTo(Arrays.copyOfRange(golden, 2 + from, 2 + from + length));
        }
    }

    @Test
    void resized_nearestInBothDirections_addsNoColour() {
        BufferedImage labels = TestImages.noise(37, 23, BufferedImage.TYPE_INT_RGB, 4);

        BufferedImage small = nearest(labels, 16, 64);

        assertThat(small.getRGB(0, 0)).isEqualTo(labels.getRGB(1, 0));
        assertThat(small.getRGB(15, 63)).isEqualTo(labels.getRGB(35, 22));
        assertThat(small.getRGB(7, 31)).isEqualTo(labels.getRGB(17, 11));
    }

    /** Pillow does not premultiply with NEAREST. */
    @Test
    void resized_nearestWithAlpha_keepsPixelsAsTheyAre() {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 2, 2, new int[] {0x00ff8040, 0x01ff8040, 0x80123456, 0xff000001}, 0, 2);

        BufferedImage resized = nearest(image, 4, 2);

        assertThat(resized.getRGB(0, 0, 4, 2, null, 0, 4))
                .containsExactly(
                        0x00ff8040, 0x00ff8040, 0x01ff8040, 0x01ff8040, 0x80123456, 0x80123456, 0xff000001, 0xff000001);
    }

    private static BufferedImage nearest(BufferedImage image, int width, int height) {
        return Images.resized(image, width, height, new Crop(0, 0, width, height), Filter.NEAREST);
    }

    /** An image whose colours are the indices of its pixels. */
    private static BufferedImage indices(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = IntStream.range(0, width * height).toArray();
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }

    private static int[] row(BufferedImage image) {
        return IntStream.range(0, image.getWidth())
                .map(x -> image.getRGB(x, 0) & 0xffffff)
                .toArray();
    }

    private static int[] column(BufferedImage image) {
        return IntStream.range(0, image.getHeight())
                .map(y -> image.getRGB(0, y) & 0xffffff)
                .toArray();
    }

    private static List<int[]> goldens(String name) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(ResizeTest.class.getResourceAsStream(name), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray())
                    .toList();
        }
    }
}
