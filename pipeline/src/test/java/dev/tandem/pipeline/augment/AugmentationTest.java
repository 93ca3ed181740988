package dev.tandem.pipeline.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.AugmentSettings;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.Images;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Shape;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.awt.image.BufferedImage;
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

class AugmentationTest {
    private static final Partition PARTITION = new Partition("pairs", 0);
    private static final ModelSettings MODEL = SettingsLoader.load(Optional.empty(), List.of("model.image-size=32x64"))
            .model();
    private final Augmentation augmentation = new Augmentation(new AugmentSettings(1.25, true), MODEL, 42);

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
        Augmentation none = new Augmentation(new AugmentSettings(1, false), MODEL, 42);

        TensorPair pair = none.apply(new ImagePair(image, image), PARTITION, 5);

        assertThat(pair.a().data()).isEqualTo(Images.tensor(image, 3, false).data());
    }
}
