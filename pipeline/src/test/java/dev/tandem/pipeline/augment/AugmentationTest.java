package dev.tandem.pipeline.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.AugmentSettings;
import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.config.ImageSettings.Fit;
import dev.tandem.config.ImageSettings.Scaling;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.Crop;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.ImageScaler;
import dev.tandem.images.decode.ImageScaler.Frame;
import dev.tandem.images.decode.Images;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Shape;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentationTest {
    private static final Partition PARTITION = new Partition("pairs", 0);
    private static final ModelSettings MODEL = SettingsLoader.load(Optional.empty(), List.of("model.image-size=32x64"))
            .model();
    private final Augmentation augmentation = augmentation(1.25, true, Fit.STRETCH, Filter.BICUBIC);

    @Property(tries = 30)
    void apply_sameRecord_augmentsAAndBAndEveryReplayAlike(
            @ForAll @LongRange(max = 1_000_000) long offset,
            @ForAll @IntRange(min = 8, max = 90) int width,
            @ForAll @IntRange(min = 8, max = 90) int height) {
        BufferedImage image = TestImages.noise(width, height, BufferedImage.TYPE_INT_RGB, 1);

        TensorPair first = augmentation.apply(new ImagePair(image, image), PARTITION, offset);
        TensorPair replay = augmentation.apply(new ImagePair(image, image), PARTITION, offset);

        assertThat(first.a().shape()).isEqualTo(Shape.of(1, 3, 32, 64));
        assertThat(first.a().data()).isEqualTo(first.b().data());
        assertThat(first.a().data()).isEqualTo(replay.a().data());
    }

    @Test
    void apply_manyRecords_areAugmentedDifferently() {
        BufferedImage image = TestImages.noise(80, 40, BufferedImage.TYPE_INT_RGB, 1);
        Set<Integer> hashes = new HashSet<>();
        for (int offset = 0; offset < 50; offset++) {
            TensorPair pair = augmentation.apply(new ImagePair(image, image), PARTITION, offset);
            hashes.add(Arrays.hashCode(pair.a().data()));
        }
        assertThat(hashes.size()).isGreaterThan(30);
    }

    @Test
    void apply_noCropNoFlip_isTheImageItself() {
        BufferedImage image = TestImages.noise(64, 32, BufferedImage.TYPE_INT_RGB, 1);
        Augmentation none = augmentation(1, false, Fit.STRETCH, Filter.BICUBIC);

        TensorPair pair = none.apply(new ImagePair(image, image), PARTITION, 5);

        assertThat(pair.a().data()).isEqualTo(Images.tensor(image, 3, false).data());
    }

    /** The hashes were computed before the settings images.fit and images.resize existed. */
    @ParameterizedTest
    @CsvSource({"1, 602435456", "2, 54669056"})
    void apply_stretch_givesTheSameFloatsAsEver(int imageType, int expected) {
        int hash = 0;
        for (int i = 0; i < 8; i++) {
            BufferedImage image = TestImages.noise(50 + 7 * i, 30 + 3 * i, imageType, i);
            TensorPair pair = augmentation.apply(new ImagePair(image, image), PARTITION, i);
            hash = 31 * hash + Arrays.hashCode(pair.a().data());
            hash = 31 * hash + Arrays.hashCode(pair.b().data());
        }
        assertThat(hash).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Fit.class)
    void apply_anyFit_isAPartOfTheFrameOfTheLoadSizeForAAndB(Fit fit) {
        BufferedImage image = TestImages.noise(61, 47, BufferedImage.TYPE_INT_RGB, 1);

        TensorPair pair =
                augmentation(1.25, false, fit, Filter.NEAREST).apply(new ImagePair(image, image), PARTITION, 3);

        Scaling scaling = new Scaling(fit, Filter.NEAREST, Filter.NEAREST);
        BufferedImage frame =
                new ImageScaler(scaling, MODEL.imageSize()).a(image, new Frame(80, 40, new Crop(0, 0, 80, 40)));
        assertThat(partsOf(frame)).contains(FloatBuffer.wrap(pair.a().data()));
        assertThat(pair.b().data()).isEqualTo(pair.a().data());
    }

    @Test
    void apply_nearestForA_addsNoColourToAAndLeavesB() {
        BufferedImage labels = TestImages.halves(61, 47, 0xff0000, 0x0000ff);
        Augmentation mixed = new Augmentation(
                new AugmentSettings(1, false), new Scaling(Fit.STRETCH, Filter.NEAREST, Filter.BICUBIC), MODEL, 42);

        TensorPair pair = mixed.apply(new ImagePair(labels, labels), PARTITION, 5);

        assertThat(distinct(pair.a().data())).containsExactlyInAnyOrder(-1f, 1f);
        assertThat(distinct(pair.b().data())).hasSizeGreaterThan(2);
    }

    private static Set<Float> distinct(float[] values) {
        Set<Float> distinct = new HashSet<>();
        for (float value : values) {
            distinct.add(value);
        }
        return distinct;
    }

    /** All parts of the model's size, as tensors. */
    private static Set<FloatBuffer> partsOf(BufferedImage frame) {
        Set<FloatBuffer> parts = new HashSet<>();
        for (int x = 0; x <= frame.getWidth() - 64; x++) {
            for (int y = 0; y <= frame.getHeight() - 32; y++) {
                BufferedImage part = Images.crop(frame, new Crop(x, y, 64, 32));
                parts.add(FloatBuffer.wrap(Images.tensor(part, 3, false).data()));
            }
        }
        return parts;
    }

    private static Augmentation augmentation(double loadRatio, boolean flip, Fit fit, Filter filter) {
        return new Augmentation(new AugmentSettings(loadRatio, flip), new Scaling(fit, filter, filter), MODEL, 42);
    }
}
