package dev.tandem.pipeline.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ImageSettings;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.TestPictures;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {

    @Test
    void tensor_thenPicture_isTheSamePixels() {
        BufferedImage noisy = new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 16 * 12; i++) {
            noisy.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
        }

        BufferedImage back = Pictures.picture(Pictures.tensor(noisy, 3, false));

        assertThat(back.getRGB(0, 0, 16, 12, null, 0, 16)).isEqualTo(noisy.getRGB(0, 0, 16, 12, null, 0, 16));
    }

    @Test
    void tensor_ofAPicture_isPlanesOfRedGreenBlueFromMinusOneToOne() {
        BufferedImage picture = TestPictures.halves(2, 1, 0xffff0000, 0xff0000ff);

        Tensor tensor = Pictures.tensor(picture, 3, false);

        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 3, 1, 2));
        assertThat(tensor.data()).containsExactly(1, -1, -1, -1, -1, 1);
        assertThat(Pictures.tensor(picture, 3, true).data()).containsExactly(-1, 1, -1, -1, 1, -1);
    }

    @Test
    void tensor_oneChannel_isTheLuma() {
        BufferedImage picture = TestPictures.halves(2, 1, 0xffff0000, 0xffffffff);

        assertThat(Pictures.tensor(picture, 1, false).data())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(2 * 0.299f - 1, 1);
    }

    @Test
    void tensor_fourChannels_keepsColourAndAlphaAndThreeSeeItBeforeWhite() {
        BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(0, 0, 0x00ff0000);

        assertThat(Pictures.tensor(picture, 4, false).data()).containsExactly(1, -1, -1, -1);
        assertThat(Pictures.tensor(picture, 3, false).data()).containsExactly(1, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void picture_thenPngAndBack_isTheSameLevels(int channels) throws UnusableRecord {
        float[] levels = new float[channels * 64];
        Random random = new Random(3);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(256) / 127.5f - 1;
        }
        Tensor image = new Tensor(Shape.of(1, channels, 8, 8), levels);

        BufferedImage back = new ImageDecoder(new ImageSettings(1000, 1 << 20, 1, 2, 1), channels == 4)
                .decode(TestPictures.png(Pictures.picture(image)));

        assertThat(Pictures.tensor(back, channels, false).data())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(levels);
    }

    @Test
    void resized_besideWhatCannotBeSeen_keepsItsColour() {
        BufferedImage white = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 64 * 64; i++) {
            white.setRGB(i % 64, i / 64, i % 3 == 0 ? 0xffffffff : 0x00000000);
        }

        BufferedImage small = Pictures.resized(white, 16, 16);

        assertThat(small.getRGB(8, 8) >>> 24).isBetween(60, 110);
        assertThat(small.getRGB(8, 8) & 0xffffff).isEqualTo(0xffffff);
    }

    @Test
    void resized_toHalf_averagesRatherThanPicks() {
        BufferedImage stripes = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            stripes.setRGB(i % 64, i / 64, i % 2 == 0 ? 0xffffff : 0);
        }

        int grey = Pictures.resized(stripes, 16, 16).getRGB(8, 8) & 0xff;

        assertThat(grey).isBetween(120, 135);
    }
}
