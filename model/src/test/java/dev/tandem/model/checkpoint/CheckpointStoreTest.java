package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores without a model; the conformance kit tests those with one. */
class CheckpointStoreTest {
    @TempDir
    private Path folder;

    @Test
    void open_leftoverOfACrash_isRemoved() throws IOException {
        Path leftover = Files.createDirectories(folder.resolve(".unfinished-123"));
        Files.writeString(leftover.resolve("model.safetensors"), "half");

        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));

        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.map(entry -> entry.getFileName().toString())).containsExactly(".lock");
        }
        assertThat(store.newestValid()).isEmpty();
    }

    @Test
    void open_folderThatIsAFile_isRejectedWithTheSettingToChange() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> CheckpointStore.open(new CheckpointSettings(file, 1, 1)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("cannot be written to")
                .hasMessageContaining("set checkpoint.directory");
    }
}
