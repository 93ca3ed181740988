package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.images.TestImages;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepthCheckTest {
    private final DepthCheck check = new DepthCheck(TestImages.limits(1_000_000, 1 << 20));

    @ParameterizedTest
    @CsvSource({"4095, 65535, left, 16", "65535, 1023, right, 4", "4095, 0, left, 16"})
    void warning_halfOfFewerBits_namesItsLevelAndTheSetting(int left, int right, String half, int level) {
        assertThat(check.warning(TestImages.png(TestImages.sixteenBits(16, 8, left, right))))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .contains("brightest level of its " + half + " half is " + level + " of 255")
                        .contains("images.depth=12"));
    }

    @Test
    void warning_darkPixelsOnTransparentBackground_isGiven() {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), true, false, 3, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(16, 8);
        raster.setPixel(3, 3, new int[] {4095, 4095, 4095, 65535});

        assertThat(check.warning(TestImages.png(new BufferedImage(model, raster, false, null))))
                .hasValueSatisfying(warning -> assertThat(warning).contains("left half is 16 of 255"));
    }

    @ParameterizedTest
    @CsvSource({"65535, 65535", "4500, 4500", "0, 0"})
    void warning_brightOrBlackHalves_isEmpty(int left, int right) {
        assertThat(check.warning(TestImages.png(TestImages.sixteenBits(16, 8, left, right))))
                .isEqualTo(Optional.empty());
    }

    @Test
    void warning_eightBits_isEmpty() {
        assertThat(check.warning(TestImages.png(TestImages.filled(16, 8, 0x010101))))
                .isEqualTo(Optional.empty());
        assertThat(check.warning(TestImages.encoded(new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB), "jpg")))
                .isEqualTo(Optional.empty());
    }

    @Test
    void warning_damagedFile_isEmpty() {
        byte[] png = TestImages.png(TestImages.sixteenBits(16, 8, 4095, 4095));
        png[60] ^= 1;

        assertThat(check.warning(png)).isEqualTo(Optional.empty());
    }
}
