package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.validation.Score;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
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

    @Test
    void newestValid_checkpointRenamedToALaterStep_isRejectedAndTheOneBeforeItUsed() throws IOException {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
        Path renamed = folder.resolve("step-0000000099");
        Files.move(CheckpointFolder.create(store, 2).folder(), renamed);
        CheckpointFolder.create(store, 4);

        assertThat(store.newestValid()).map(Checkpoint::step).hasValue(4L);
        assertThatThrownBy(() -> Checkpoint.open(renamed))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("state.json is of step 2")
                .hasMessageContaining("rename the folder to step-0000000002");
    }

    @Test
    void requireResumable_noCheckpointIsValid_isRejectedWithTheRemedy() throws IOException {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
        assertThatCode(store::requireResumable).as("an empty folder").doesNotThrowAnyException();
        Files.writeString(CheckpointFolder.create(store, 2).folder().resolve("state.json"), "{}");

        assertThatThrownBy(store::requireResumable)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the only checkpoint in " + folder + " is not valid")
                .hasMessageContaining("set checkpoint.directory to a new folder");

        CheckpointFolder.create(store, 1);
        assertThatCode(store::requireResumable).as("an earlier one is valid").doesNotThrowAnyException();
    }

    @Test
    void openNewest_noCheckpointIsValid_isRejectedWithTheRemedy() throws IOException {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
        assertThatThrownBy(() -> CheckpointStore.openNewest(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("there is no checkpoint in " + folder + "; check the path, or train first");

        Files.writeString(CheckpointFolder.create(store, 1).folder().resolve("state.json"), "{}");
        Files.writeString(CheckpointFolder.create(store, 2).folder().resolve("state.json"), "{}");

        assertThatThrownBy(() -> CheckpointStore.openNewest(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("none of the 2 checkpoints in " + folder + " is valid; repair one, or use another folder");
    }

    @Test
    void save_moreThanToKeep_keepsTheBestBesideTheNewest() {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 2));
        double[] errors = {0.5, 0.2, 0.4, 0.3, 0.6};
        for (int step = 1; step <= errors.length; step++) {
            CheckpointFolder.create(store, step, Optional.of(new Score(step, errors[step - 1], 0.1, "4xa")));
        }

        assertThat(steps(store)).containsExactly(5L, 4L, 2L);
        assertThat(CheckpointCatalog.best(store.catalog().list())).hasValue("step-0000000002");
    }

    @Test
    void save_newestScoreIsOfOtherPairs_doesNotKeepTheBestOfTheOldPairs() {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 2));
        CheckpointFolder.create(store, 1, Optional.of(new Score(1, 0.1, 0.1, "4xa")));
        CheckpointFolder.create(store, 2, Optional.of(new Score(2, 0.3, 0.1, "4xb")));
        CheckpointFolder.create(store, 3, Optional.of(new Score(3, 0.4, 0.1, "4xb")));

        CheckpointFolder.create(store, 4);

        assertThat(steps(store)).as("step 4 has no score").containsExactly(4L, 3L, 2L);
        assertThat(CheckpointCatalog.best(store.catalog().list())).hasValue("step-0000000002");
    }

    private static List<Long> steps(CheckpointStore store) {
        return store.catalog().list().stream()
                .map(CheckpointCatalog.Summary::step)
                .toList();
    }

    @Test
    void open_copyWithAnotherName_isValid() throws IOException {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
        Path copy = folder.resolve("best");
        Files.move(CheckpointFolder.create(store, 2).folder(), copy);

        assertThat(Checkpoint.open(copy).step()).isEqualTo(2);
    }

    @Test
    void keepLock_lockRemoved_locksItAgain() throws IOException {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
        assertThat(store.keepLock()).isFalse();
        Files.delete(folder.resolve(".lock"));

        assertThat(store.keepLock()).isTrue();

        assertThat(store.keepLock()).isFalse();
        assertIsLocked(folder.resolve(".lock"));
    }

    @Test
    void save_folderRemoved_createsItAgainAndWritesTheCheckpoint() throws IOException {
        Path inside = folder.resolve("inside");
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(inside, 1, 3));
        Files.delete(inside.resolve(".lock"));
        Files.delete(inside);

        CheckpointFolder.create(store, 4);

        assertThat(store.newestValid()).map(Checkpoint::step).hasValue(4L);
        assertIsLocked(inside.resolve(".lock"));
    }

    @Test
    void save_anotherProcessHasLockedANewFile_isRefusedAndWritesNothing() throws Exception {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(folder, 1, 3));
        Files.delete(folder.resolve(".lock"));
        try (LockHolder other = LockHolder.start(folder.resolve(".lock"))) {
            assertThatThrownBy(() -> CheckpointFolder.create(store, 4))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("now another process trains in this folder")
                    .hasMessageContaining("Set checkpoint.directory to another folder");
            assertThatThrownBy(store::keepLock).isInstanceOf(SettingsException.class);
            assertThat(store.newestFirst()).isEmpty();
            assertThat(other.isAlive()).isTrue();
        }
    }

    @Test
    void open_lockThatIsALinkOrFifo_isRejected() throws Exception {
        Path lock = folder.resolve(".lock");
        Files.createSymbolicLink(lock, Path.of("/dev/zero"));
        assertThatThrownBy(() -> CheckpointStore.open(new CheckpointSettings(folder, 1, 3)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(".lock is a symbolic link");

        Files.delete(lock);
        assertThat(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> CheckpointStore.open(new CheckpointSettings(folder, 1, 3)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(".lock is a special file");
    }

    /** The second lock of a process fails in another way than that of another process. */
    private static void assertIsLocked(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertThatThrownBy(channel::tryLock).isInstanceOf(OverlappingFileLockException.class);
        }
    }
}
