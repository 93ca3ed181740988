package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.validation.HeldOutPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldOutFileTest {
    private static final Shape SHAPE = Shape.of(1, 1, 1, 2);
    private static final HeldOutPairs PAIRS =
            new HeldOutPairs(List.of(image(0), image(128)), List.of(List.of(image(1), image(255)), List.of(image(77))));

    @TempDir
    private Path folder;

    @Test
    void read_writtenPairs_areTheSame() throws IOException {
        file().write(new HeldOutPairs(List.of(image(5)), List.of(List.of(image(6)))));
        file().write(PAIRS);

        assertThat(read()).map(HeldOutPairs::digest).hasValue(PAIRS.digest());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file().path());
        }
    }

    @Test
    void read_noFile_isEmpty() {
        assertThat(read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.validation.share=0.05",
                "train.validation.inputs=3",
                "model.direction=BtoA",
                "model.image-size=64",
                "images.fit=crop",
                "images.depth=12"
            })
    void read_pairsOfOtherSettings_isEmpty(String other) {
        file().write(PAIRS);

        assertThat(file(other).read(SHAPE, SHAPE)).isEmpty();
    }

    @Test
    void read_otherSettingsThatDoNotSelectPairs_readsThem() {
        file().write(PAIRS);

        assertThat(file("train.seed=7", "images.decode-parallelism=3", "train.validation.samples=9")
                        .read(SHAPE, SHAPE))
                .isPresent();
    }

    @Test
    void read_damagedFile_isEmpty() throws IOException {
        file().write(PAIRS);
        byte[] bytes = Files.readAllBytes(file().path());

        for (int length = 0; length < bytes.length; length++) {
            Files.write(file().path(), Arrays.copyOf(bytes, length));

            assertThat(read()).as("first %d bytes", length).isEmpty();
        }
    }

    @Test
    void read_imagesOfAnotherShape_isEmpty() {
        file().write(PAIRS);

        assertThat(file().read(Shape.of(1, 1, 2, 1), SHAPE)).isEmpty();
    }

    @Test
    void read_folderInPlaceOfTheFile_isEmpty() throws IOException {
        Files.createDirectory(file().path());

        assertThat(read()).isEmpty();
    }

    @Test
    void write_impossible_continuesWithoutFile() {
        HeldOutFile inMissingFolder = HeldOutFile.of(settings(), folder.resolve("missing"));

        inMissingFolder.write(PAIRS);

        assertThat(inMissingFolder.read(SHAPE, SHAPE)).isEmpty();
    }

    @Test
    void delete_fileOrNone_leavesNone() {
        file().write(PAIRS);

        file().delete();
        file().delete();

        assertThat(file().path()).doesNotExist();
    }

    private Optional<HeldOutPairs> read() {
        return file().read(SHAPE, SHAPE);
    }

    private HeldOutFile file(String... assignments) {
        return HeldOutFile.of(settings(assignments), folder);
    }

    private static Settings settings(String... assignments) {
        return SettingsLoader.load(
                Optional.empty(),
                Stream.concat(Stream.of("train.validation.share=0.1"), Stream.of(assignments))
                        .toList());
    }

    /** An image of two equal pixels, at a level of 0 to 255. */
    private static Tensor image(int level) {
        float value = level / 127.5f - 1;
        return new Tensor(SHAPE, new float[] {value, value});
    }
}
