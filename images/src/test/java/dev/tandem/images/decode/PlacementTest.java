package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ImageSettings.Fit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

    /** The columns: image, frame, then the part of the image for crop and the part of the frame for pad. */
    @ParameterizedTest
    @CsvSource({
        "100x50, 64x64, 50x50+25+0, 64x32+0+16",
        "50x100, 64x64, 50x50+0+25, 32x64+16+0",
        "101x50, 64x64, 50x50+25+0, 64x32+0+16",
        "100x51, 64x64, 51x51+24+0, 64x33+0+15",
        "33x57, 64x64, 33x33+0+12, 37x64+13+0",
        "640x480, 64x32, 640x320+0+80, 43x32+10+0",
        "7x3, 64x32, 6x3+0+0, 64x27+0+2",
        "64x32, 128x64, 64x32+0+0, 128x64+0+0",
        "10000x8, 64x64, 8x8+4996+0, 64x1+0+31",
        "8x10000, 64x64, 8x8+0+4996, 1x64+31+0",
        "1x1000000000, 2048x32, 1x1+0+499999999, 1x32+1023+0",
        "1000000000x1, 32x2048, 1x1+499999999+0, 32x1+0+1023"
    })
    void of_otherAspect_isTheLargestCentredPartInWholePixels(
            String image, String frame, String cropped, String padded) {
        Crop from = crop(image + "+0+0");
        Crop to = crop(frame + "+0+0");

        assertThat(placement(Fit.CROP, from, to)).isEqualTo(new Placement(crop(cropped), to));
        assertThat(placement(Fit.PAD, from, to)).isEqualTo(new Placement(from, crop(padded)));
        assertThat(placement(Fit.STRETCH, from, to)).isEqualTo(new Placement(from, to));
    }

    @Property
    void of_anySizes_staysInsideIsCentredAndFillsOneSide(
            @ForAll @IntRange(min = 1, max = 5000) int width,
            @ForAll @IntRange(min = 1, max = 5000) int height,
            @ForAll @IntRange(min = 1, max = 2048) int frameWidth,
            @ForAll @IntRange(min = 1, max = 2048) int frameHeight) {
        Crop image = new Crop(0, 0, width, height);
        Crop frame = new Crop(0, 0, frameWidth, frameHeight);

        assertCentred(placement(Fit.CROP, image, frame).source(), image);
        assertCentred(placement(Fit.PAD, image, frame).target(), frame);
    }

    private static void assertCentred(Crop part, Crop whole) {
        int right = whole.width() - part.x() - part.width();
        int below = whole.height() - part.y() - part.height();
        assertThat(part.width()).isPositive();
        assertThat(part.height()).isPositive();
        assertThat(right - part.x()).isBetween(0, 1);
        assertThat(below - part.y()).isBetween(0, 1);
        assertThat(part.width() == whole.width() || part.height() == whole.height())
                .isTrue();
    }

    private static Placement placement(Fit fit, Crop image, Crop frame) {
        return Placement.of(fit, image.width(), image.height(), frame.width(), frame.height());
    }

    /** Reads WIDTHxHEIGHT+X+Y. */
    private static Crop crop(String text) {
        String[] numbers = text.split("[x+]");
        return new Crop(
                Integer.parseInt(numbers[2]),
                Integer.parseInt(numbers[3]),
                Integer.parseInt(numbers[0]),
                Integer.parseInt(numbers[1]));
    }
}
