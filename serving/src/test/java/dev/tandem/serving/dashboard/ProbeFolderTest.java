package dev.tandem.serving.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeFolderTest {
    @TempDir
    private Path checkpoints;

    @Test
    void write_moreThanMaximum_removesSheetsButNotTheFirstAndNewest() {
        ProbeFolder folder = new ProbeFolder(checkpoints.resolve("probes"), 8);

        LongStream.rangeClosed(1, 100).forEach(step -> folder.write(step, new byte[] {1}));

        assertThat(folder.steps()).hasSizeLessThanOrEqualTo(8).contains(1L, 100L);
        assertThat(folder.read(100)).hasValue(new byte[] {1});
        assertThat(folder.read(99_999)).isEmpty();
    }

    @Test
    void write_stepBeforeOthers_removesLaterSheets() {
        ProbeFolder folder = new ProbeFolder(checkpoints.resolve("probes"), 8);
        folder.write(50, new byte[] {1});
        folder.write(100, new byte[] {1});

        folder.write(75, new byte[] {2});

        assertThat(folder.steps()).containsExactly(50L, 75L);
    }
}
