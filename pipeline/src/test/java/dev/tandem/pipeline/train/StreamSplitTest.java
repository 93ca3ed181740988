package dev.tandem.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamSplitTest {
    private static final int IMAGES = 4000;

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.5})
    void holdsOut_manyImages_holdsOutTheShare(double share) {
        StreamSplit split = new StreamSplit(share);

        long heldOut = IntStream.range(0, IMAGES)
                .filter(color -> split.holdsOut(image(color, BufferedImage.TYPE_INT_RGB)))
                .count();

        // Five standard deviations of a binomial distribution; the hash has no seed.
        assertThat((double) heldOut / IMAGES)
                .isBetween(
                        share - 5 * Math.sqrt(share * (1 - share) / IMAGES),
                        share + 5 * Math.sqrt(share * (1 - share) / IMAGES));
    }

    @Test
    void holdsOut_shareOfZero_holdsOutNothing() {
        assertThat(IntStream.range(0, IMAGES)
                        .filter(color -> new StreamSplit(0).holdsOut(image(color, BufferedImage.TYPE_INT_RGB))))
                .isEmpty();
    }

    @Test
    void holdsOut_samePixels_isTheSameForEachTypeOfImageAndRun() {
        StreamSplit split = new StreamSplit(0.5);

        assertThat(heldOut(split, BufferedImage.TYPE_INT_RGB))
                .isEqualTo(heldOut(split, BufferedImage.TYPE_3BYTE_BGR))
                .isEqualTo(heldOut(new StreamSplit(0.5), BufferedImage.TYPE_INT_ARGB));
    }

    @Test
    void holdsOut_largerShare_holdsOutTheSameAndMore() {
        assertThat(heldOut(new StreamSplit(0.2), BufferedImage.TYPE_INT_RGB))
                .hasSizeGreaterThan(0)
                .isSubsetOf(heldOut(new StreamSplit(0.4), BufferedImage.TYPE_INT_RGB));
    }

    private static List<Integer> heldOut(StreamSplit split, int type) {
        return IntStream.range(0, 100)
                .filter(color -> split.holdsOut(image(color, type)))
                .boxed()
                .toList();
    }

    /** Images that differ in one pixel. */
    private static BufferedImage image(int color, int type) {
        BufferedImage image = new BufferedImage(5, 3, type);
        for (int i = 0; i < 15; i++) {
            image.setRGB(i % 5, i / 5, 0xff102030);
        }
        image.setRGB(4, 1, 0xff000000 | color);
        return image;
    }
}
