package dev.tandem.model.validation;

import static dev.tandem.model.validation.HeldOutCollectionTest.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutFileTest {
    private static final Shape SHAPE = Shape.of(1, 1, 1, 2);
    private static final HeldOutPairs PAIRS =
            new HeldOutPairs(List.of(image(0), image(128)), List.of(List.of(image(1), image(255)), List.of(image(77))));

    @TempDir
    private Path folder;

    private HeldOutFile file;

    @BeforeEach
    void setUp() {
        file = HeldOutFile.in(folder);
    }

    @Test
    void read_writtenPairs_areTheSame() throws IOException {
        file.write(new HeldOutPairs(List.of(image(5)), List.of(List.of(image(6)))));
        file.write(PAIRS);

        assertThat(read(2, SHAPE)).map(HeldOutPairs::digest).hasValue(PAIRS.digest());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file.file());
        }
    }

    @Test
    void read_noFile_isEmpty() {
        assertThat(read(2, SHAPE)).isEmpty();
    }

    @Test
    void read_pairsOfAnotherModelOrNumber_isEmpty() {
        file.write(PAIRS);

        assertThat(read(3, SHAPE)).isEmpty();
        assertThat(read(2, Shape.of(1, 1, 2, 1))).isEmpty();
    }

    @Test
    void read_damagedFile_isEmpty() throws IOException {
        file.write(PAIRS);
        byte[] bytes = Files.readAllBytes(file.file());

        for (int length = 0; length < bytes.length; length++) {
            Files.write(file.file(), Arrays.copyOf(bytes, length));

            assertThat(read(2, SHAPE)).as("first %d bytes", length).isEmpty();
        }
    }

    @Test
    void write_impossible_continuesWithoutFile() throws IOException {
        HeldOutFile inMissingFolder = HeldOutFile.in(folder.resolve("missing"));

        inMissingFolder.write(PAIRS);

        assertThat(inMissingFolder.read(2, SHAPE, SHAPE)).isEmpty();
    }

    private Optional<HeldOutPairs> read(int inputs, Shape shape) {
        return file.read(inputs, shape, SHAPE);
    }
}
