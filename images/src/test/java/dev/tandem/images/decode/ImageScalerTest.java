package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.config.ImageSettings.Fit;
import dev.tandem.config.ImageSettings.Scaling;
import dev.tandem.config.ImageSize;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.ImageScaler.Frame;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageScalerTest {
    private static final ImageSize SIZE = new ImageSize(32, 64);
    private static final int WHITE = 0xffffffff;

    @Test
    void scaled_stretch_equalsTheResizeOfTheWholeImage() {
        BufferedImage image = TestImages.noise(50, 40, BufferedImage.TYPE_INT_RGB, 1);

        BufferedImage scaled = scaler(Fit.STRETCH, Filter.BICUBIC).a(image);

        assertThat(pixels(scaled)).isEqualTo(pixels(Images.resized(image, 64, 32)));
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void scaled_pad_isTheResizedImageBetweenWhiteBars(Filter filter) {
        BufferedImage image = TestImages.noise(37, 40, BufferedImage.TYPE_INT_RGB, 2);

        BufferedImage scaled = scaler(Fit.PAD, filter).a(image);

        // 37 x 32 / 40 = 29.6 columns, and 34 columns remain.
        BufferedImage resized = Images.resized(image, 30, 32, new Crop(0, 0, 30, 32), filter);
        assertThat(pixels(Images.crop(scaled, new Crop(17, 0, 30, 32)))).isEqualTo(pixels(resized));
        assertThat(pixels(Images.crop(scaled, new Crop(0, 0, 17, 32)))).containsOnly(WHITE);
        assertThat(pixels(Images.crop(scaled, new Crop(47, 0, 17, 32)))).containsOnly(WHITE);
    }

    @Test
    void scaled_padWithAlpha_hasTransparentBars() {
        BufferedImage image = TestImages.noise(64, 16, BufferedImage.TYPE_INT_ARGB, 3);

        BufferedImage scaled = scaler(Fit.PAD, Filter.BICUBIC).b(image);

        assertThat(pixels(Images.crop(scaled, new Crop(0, 8, 64, 16)))).isEqualTo(pixels(image));
        assertThat(pixels(Images.crop(scaled, new Crop(0, 0, 64, 8)))).containsOnly(0);
        assertThat(Images.tensor(scaled, 3, false).data()[0])
                .as("white on three channels")
                .isEqualTo(1);
        assertThat(Images.tensor(scaled, 4, false).data()[3 * 64 * 32]).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void scaled_crop_isTheResizedCentre(Filter filter) {
        BufferedImage image = TestImages.noise(41, 77, BufferedImage.TYPE_INT_RGB, 4);

        BufferedImage scaled = scaler(Fit.CROP, filter).a(image);

        // 41 x 32 / 64 = 20.5 rows, and 56 rows remain.
        BufferedImage centre = Images.crop(image, new Crop(0, 28, 41, 21));
        assertThat(pixels(scaled)).isEqualTo(pixels(Images.resized(centre, 64, 32, new Crop(0, 0, 64, 32), filter)));
    }

    @ParameterizedTest
    @EnumSource(Fit.class)
    void scaled_partOfAFrame_equalsThatPartOfTheWholeFrame(Fit fit) {
        for (int[] size : new int[][] {{90, 31}, {31, 90}, {72, 36}}) {
            BufferedImage image = TestImages.noise(size[0], size[1], BufferedImage.TYPE_INT_ARGB, 5);
            ImageScaler scaler = scaler(fit, Filter.BICUBIC);
            BufferedImage whole = scaler.a(image, new Frame(72, 36, new Crop(0, 0, 72, 36)));

            BufferedImage part = scaler.a(image, new Frame(72, 36, new Crop(5, 3, 64, 32)));

            assertThat(pixels(part)).isEqualTo(pixels(Images.crop(whole, new Crop(5, 3, 64, 32))));
        }
    }

    @Test
    void scaled_partOfAFrameBesideTheImage_isPadding() {
        BufferedImage line = TestImages.filled(640, 4, 0);

        BufferedImage part = scaler(Fit.PAD, Filter.BICUBIC).a(line, new Frame(128, 64, new Crop(0, 32, 64, 32)));

        assertThat(pixels(part)).containsOnly(WHITE);
    }

    @Test
    void scaled_aAndB_haveTheirOwnFilters() {
        BufferedImage stripes = TestImages.halves(33, 33, 0xff0000, 0x0000ff);
        ImageScaler scaler = new ImageScaler(new Scaling(Fit.STRETCH, Filter.NEAREST, Filter.BICUBIC), SIZE);

        assertThat(Arrays.stream(pixels(scaler.a(stripes))).distinct()).containsExactly(0xffff0000, 0xff0000ff);
        assertThat(Arrays.stream(pixels(scaler.b(stripes))).distinct().count()).isGreaterThan(2);
    }

    private static ImageScaler scaler(Fit fit, Filter filter) {
        return new ImageScaler(new Scaling(fit, filter, filter), SIZE);
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
