package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.images.TestImages;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {

    @Test
    void image_ofTheTensorOfAnImage_hasTheSamePixels() {
        BufferedImage noise = TestImages.noise(16, 12, BufferedImage.TYPE_INT_RGB, 1);

        BufferedImage back = Images.image(Images.tensor(noise, 3, false));

        assertThat(back.getRGB(0, 0, 16, 12, null, 0, 16)).isEqualTo(noise.getRGB(0, 0, 16, 12, null, 0, 16));
    }

    @Test
    void tensor_threeChannels_hasPlanesOfRedGreenBlueFromMinusOneToOne() {
        BufferedImage image = TestImages.halves(2, 1, 0xffff0000, 0xff0000ff);

        Tensor tensor = Images.tensor(image, 3, false);

        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 3, 1, 2));
        assertThat(tensor.data()).containsExactly(1, -1, -1, -1, -1, 1);
        assertThat(Images.tensor(image, 3, true).data()).containsExactly(-1, 1, -1, -1, 1, -1);
    }

    @Test
    void tensor_oneChannel_isLuma() {
        BufferedImage image = TestImages.halves(2, 1, 0xffff0000, 0xffffffff);

        assertThat(Images.tensor(image, 1, false).data())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(2 * 0.299f - 1, 1);
    }

    @Test
    void tensor_transparentImage_keepsAlphaWithFourChannelsAndIsOnWhiteWithThree() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00ff0000);

        assertThat(Images.tensor(image, 4, false).data()).containsExactly(1, -1, -1, -1);
        assertThat(Images.tensor(image, 3, false).data()).containsExactly(1, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void image_encodedAndDecodedAsPng_keepsItsLevels(int channels) throws InvalidInput {
        float[] levels = new float[channels * 64];
        Random random = new Random(3);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(256) / 127.5f - 1;
        }
        Tensor tensor = new Tensor(Shape.of(1, channels, 8, 8), levels);

        BufferedImage back = new ImageDecoder(TestImages.limits(1000, 1 << 20), channels == 4)
                .decode(TestImages.png(Images.image(tensor)));

        assertThat(Images.tensor(back, channels, false).data())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(levels);
    }

    @Test
    void resized_besideTransparentPixels_keepsTheVisibleColour() {
        BufferedImage white = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 64 * 64; i++) {
            white.setRGB(i % 64, i / 64, i % 3 == 0 ? 0xffffffff : 0x00000000);
        }

        BufferedImage small = Images.resized(white, 16, 16);

        assertThat(small.getRGB(8, 8) >>> 24).isBetween(60, 110);
        assertThat(small.getRGB(8, 8) & 0xffffff).isEqualTo(0xffffff);
    }

    @Test
    void resized_toAQuarter_averagesPixels() {
        BufferedImage stripes = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            stripes.setRGB(i % 64, i / 64, i % 2 == 0 ? 0xffffff : 0);
        }

        int grey = Images.resized(stripes, 16, 16).getRGB(8, 8) & 0xff;

        assertThat(grey).isBetween(120, 135);
    }

    /** Random levels, resized by Pillow 9.4 with {@code Image.resize(size, BICUBIC)}. */
    @Test
    void resized_upAndDown_equalsPillow() {
        int[][] original = {
            {171, 206, 161, 13, 146, 11, 38, 167, 72},
            {249, 204, 100, 170, 15, 231, 225, 95, 222},
            {139, 223, 199, 0, 85, 52, 75, 81, 71},
            {114, 204, 81, 133, 129, 196, 238, 215, 94},
            {173, 239, 172, 189, 241, 118, 91, 27, 215},
            {96, 10, 99, 216, 182, 43, 253, 96, 39},
            {124, 102, 165, 245, 108, 0, 90, 239, 148}
        };
        int[][] enlarged = {
            {168, 199, 195, 102, 20, 150, 24, 7, 100, 154, 63},
            {246, 220, 142, 119, 140, 31, 183, 222, 156, 125, 212},
            {172, 211, 209, 130, 35, 58, 91, 111, 92, 80, 117},
            {111, 192, 176, 100, 66, 106, 125, 159, 179, 145, 64},
            {137, 216, 167, 122, 170, 182, 178, 181, 161, 142, 156},
            {154, 172, 163, 168, 209, 236, 111, 120, 78, 56, 178},
            {99, 25, 50, 153, 223, 167, 36, 173, 205, 95, 42},
            {126, 105, 132, 204, 233, 106, 6, 41, 166, 231, 147}
        };
        int[][] reduced = {{197, 97, 105, 129}, {172, 134, 148, 127}, {106, 180, 113, 134}};

        assertLevels(Images.resized(grey(original), 11, 8), enlarged);
        assertLevels(Images.resized(grey(original), 4, 3), reduced);
    }

    @Test
    void resized_withCrop_equalsThatPartOfTheWholeResult() {
        BufferedImage noise = TestImages.noise(20, 14, BufferedImage.TYPE_INT_ARGB, 3);
        BufferedImage whole = Images.resized(noise, 23, 17);

        BufferedImage part = Images.resized(noise, 23, 17, new Crop(4, 2, 9, 11), Filter.BICUBIC);

        for (int y = 0; y < 11; y++) {
            for (int x = 0; x < 9; x++) {
                assertThat(part.getRGB(x, y)).isEqualTo(whole.getRGB(4 + x, 2 + y));
            }
        }
    }

    @Test
    void resized_colourImage_resizesEachChannelLikeGrey() {
        Random random = new Random(5);
        BufferedImage colours = new BufferedImage(21, 40, BufferedImage.TYPE_INT_RGB);
        BufferedImage opaque = new BufferedImage(21, 40, BufferedImage.TYPE_INT_ARGB);
        List<BufferedImage> greys = Stream.generate(() -> new BufferedImage(21, 40, BufferedImage.TYPE_INT_RGB))
                .limit(3)
                .toList();
        for (int i = 0; i < 21 * 40; i++) {
            int pixel = random.nextInt() | 0xff << 24;
            colours.setRGB(i % 21, i / 21, pixel);
            opaque.setRGB(i % 21, i / 21, pixel);
            for (int c = 0; c < 3; c++) {
                greys.get(c).setRGB(i % 21, i / 21, (pixel >> 8 * c & 0xff) * 0x010101);
            }
        }

        BufferedImage resized = Images.resized(colours, 33, 18);
        BufferedImage resizedOpaque = Images.resized(opaque, 33, 18);
        List<BufferedImage> resizedGreys =
                greys.stream().map(grey -> Images.resized(grey, 33, 18)).toList();

        for (int i = 0; i < 33 * 18; i++) {
            int pixel = resized.getRGB(i % 33, i / 33);
            assertThat(resizedOpaque.getRGB(i % 33, i / 33)).isEqualTo(pixel);
            for (int c = 0; c < 3; c++) {
                int grey = resizedGreys.get(c).getRGB(i % 33, i / 33);
                assertThat(grey & 0xff).isEqualTo(pixel >> 8 * c & 0xff);
            }
        }
    }

    private static void assertLevels(BufferedImage image, int[][] levels) {
        assertThat(image.getHeight()).isEqualTo(levels.length);
        assertThat(image.getWidth()).isEqualTo(levels[0].length);
        for (int y = 0; y < levels.length; y++) {
            for (int x = 0; x < levels[y].length; x++) {
                assertThat(image.getRGB(x, y) & 0xff).isEqualTo(levels[y][x]);
            }
        }
    }

    private static BufferedImage grey(int[][] levels) {
        BufferedImage image = new BufferedImage(levels[0].length, levels.length, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < levels.length; y++) {
            for (int x = 0; x < levels[y].length; x++) {
                image.setRGB(x, y, levels[y][x] * 0x010101);
            }
        }
        return image;
    }
}
