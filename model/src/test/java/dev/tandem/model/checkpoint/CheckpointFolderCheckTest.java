package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderCheckTest {
    @TempDir
    private Path folder;

    @Test
    void requireTrainable_missingFolder_isAcceptedAndNotCreated() throws IOException {
        CheckpointFolderCheck.requireTrainable(folder.resolve("new/checkpoints"));

        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries).isEmpty();
        }
    }

    @Test
    void requireTrainable_fileOrBrokenLink_isRejected() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));

        assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(file.resolve("below")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint folder " + file.resolve("below") + " cannot be written to");
        assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(link))
                .hasMessage("the checkpoint folder " + link + " cannot be written to");
    }

    @Test
    void requireTrainable_lockOfAnotherProcess_isRejectedUntilItEnds() throws Exception {
        Path lock = folder.resolve(".lock");
        try (LockHolder other = LockHolder.start(lock)) {
            assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(folder))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("another process trains in the checkpoint folder " + folder);
            assertThat(other.isAlive()).isTrue();
        }
        assertThatCode(() -> CheckpointFolderCheck.requireTrainable(folder)).doesNotThrowAnyException();
    }

    /** Opening a FIFO would block. */
    @Test
    void requireTrainable_lockThatIsAFifo_isRejected() throws Exception {
        Path lock = folder.resolve(".lock");
        assertThat(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(".lock is a special file");
    }
}
