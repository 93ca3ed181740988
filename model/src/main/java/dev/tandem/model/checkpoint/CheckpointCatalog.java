package dev.tandem.model.checkpoint;

import dev.tandem.config.FileFault;
import dev.tandem.model.validation.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists, opens and pins the checkpoints of a folder by name; a pinned checkpoint is never removed. */
public record CheckpointCatalog(Path directory) {
    private static final String PIN_FILE = "PINNED";

    /**
     * One checkpoint as its {@code state.json} describes it; its checksums are not verified.
     *
     * @param written when {@code state.json} was written
     * @param bytes total size of its files
     * @param score result of the validation of its weights; empty if they were not validated
     */
    public record Summary(
            String name, long step, long pairs, Instant written, long bytes, boolean pinned, Optional<Score> score) {}

    /** No checkpoint has the requested name. */
    public static final class UnknownCheckpointException extends CheckpointException {
        private static final long serialVersionUID = 1L;

        UnknownCheckpointException(String name) {
            super("there is no checkpoint called " + name);
        }
    }

    /** All checkpoints, the highest step first. */
    public List<Summary> list() {
        List<Summary> listed = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, CheckpointCatalog::isCheckpoint)) {
                folders.forEach(folder -> read(folder).ifPresent(listed::add));
            } catch (IOException e) {
                throw new CheckpointException(
                        "the checkpoint folder " + directory + " cannot be read (" + FileFault.reason(e, directory)
                                + "); check its permissions",
                        e);
            }
        }
        listed.sort(Comparator.comparingLong(Summary::step)
                .thenComparing(Summary::name)
                .reversed());
        return listed;
    }

    /** Name of the checkpoint with the best score among those that are comparable with the newest score. */
    public static Optional<String> best(List<Summary> newestFirst) {
        Optional<Score> best = Score.best(newestFirst.stream().flatMap(summary -> summary.score().stream()));
        return newestFirst.stream()
                .filter(summary -> best.isPresent() && summary.score().equals(best))
                .map(Summary::name)
                .findFirst();
    }

    /**
     * Opens a checkpoint and verifies its checksums.
     *
     * @throws UnknownCheckpointException if no checkpoint has that name
     * @throws CheckpointException if the checkpoint is damaged
     */
    public Checkpoint open(String name) {
        return Checkpoint.open(folder(name));
    }

    /**
     * Pins a checkpoint, so that it stays when older ones are removed, or unpins it.
     *
     * @throws UnknownCheckpointException if no checkpoint has that name
     * @throws CheckpointException if its folder cannot be written to
     */
    public void pin(String name, boolean pinned) {
        Path folder = folder(name);
        try {
            setPinned(folder, pinned);
        } catch (IOException e) {
            throw new CheckpointException(
                    "checkpoint " + name + " cannot be " + (pinned ? "pinned" : "unpinned") + " ("
                            + FileFault.reason(e, directory) + "); check that its folder is writable",
                    e);
        }
    }

    static void setPinned(Path folder, boolean pinned) throws IOException {
        Path file = folder.resolve(PIN_FILE);
        if (!pinned) {
            Files.deleteIfExists(file);
        } else if (!Files.exists(file)) {
            Files.createFile(file);
        }
    }

    static boolean isPinned(Path folder) {
        return Files.exists(folder.resolve(PIN_FILE));
    }

    /** Accepts direct subfolders only, so a name such as {@code ../other} cannot leave the directory. */
    private Path folder(String name) {
        return path(name)
                .filter(folder -> directory.normalize().equals(folder.getParent()) && isCheckpoint(folder))
                .orElseThrow(() -> new UnknownCheckpointException(name));
    }

    private Optional<Path> path(String name) {
        try {
            return Optional.of(directory.resolve(name).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A leading dot marks a checkpoint that is being written or replaced. */
    private static boolean isCheckpoint(Path folder) {
        return !folder.getFileName().toString().startsWith(".")
                && Files.isRegularFile(folder.resolve(CheckpointState.FILE), LinkOption.NOFOLLOW_LINKS);
    }

    /** Empty if the checkpoint is removed meanwhile or has a format that this version does not read. */
    private static Optional<Summary> read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            CheckpointState state = CheckpointState.read(folder);
            return Optional.of(new Summary(
                    folder.getFileName().toString(),
                    state.step(),
                    state.pairs(),
                    Files.getLastModifiedTime(folder.resolve(CheckpointState.FILE))
                            .toInstant(),
                    files.mapToLong(file -> file.toFile().length()).sum(),
                    isPinned(folder),
                    state.score()));
        } catch (IOException | UncheckedIOException | CheckpointException e) {
            return Optional.empty();
        }
    }
}
