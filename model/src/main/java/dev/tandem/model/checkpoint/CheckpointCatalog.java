package dev.tandem.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checkpoints in a folder, by name: which there are, and which are pinned, so that none of those is removed. */
public record CheckpointCatalog(Path directory) {
    private static final String PIN = "PINNED";

    /**
     * One checkpoint as its {@code state.json} describes it; its checksums are not looked at.
     *
     * @param bytes what its files take on the disk
     */
    public record Listed(String name, long step, long pairs, Instant written, long bytes, boolean pinned) {}

    /** There is none of a name. */
    public static final class Unknown extends CheckpointException {
        private static final long serialVersionUID = 1L;

        Unknown(String name) {
            super("there is no checkpoint called " + name);
        }
    }

    /** Those by step, newest first. */
    public List<Listed> list() {
        List<Listed> listed = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, CheckpointCatalog::isCheckpoint)) {
                folders.forEach(folder -> read(folder).ifPresent(listed::add));
            } catch (IOException e) {
                throw new CheckpointException("the checkpoint folder " + directory + " cannot be read", e);
            }
        }
        listed.sort(Comparator.comparingLong(Listed::step)
                .thenComparing(Listed::name)
                .reversed());
        return listed;
    }

    /**
     * Opens one and verifies its checksums.
     *
     * @throws Unknown if there is none of that name
     * @throws CheckpointException if it is damaged
     */
    public Checkpoint open(String name) {
        return Checkpoint.open(folder(name));
    }

    /**
     * Has it kept however many come after it, or no longer.
     *
     * @throws Unknown if there is none of that name
     * @throws CheckpointException if the folder cannot be written to
     */
    public void pin(String name, boolean pinned) {
        Path folder = folder(name);
        try {
            mark(folder, pinned);
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + name + " cannot be pinned (" + e.getMessage() + ")", e);
        }
    }

    static void mark(Path folder, boolean pinned) throws IOException {
        Path mark = folder.resolve(PIN);
        if (!pinned) {
            Files.deleteIfExists(mark);
        } else if (!Files.exists(mark)) {
            Files.createFile(mark);
        }
    }

    static boolean isPinned(Path folder) {
        return Files.exists(folder.resolve(PIN));
    }

    /** A name that is a folder's own: none that leads elsewhere. */
    private Path folder(String name) {
        return path(name)
                .filter(folder -> directory.normalize().equals(folder.getParent()) && isCheckpoint(folder))
                .orElseThrow(() -> new Unknown(name));
    }

    private Optional<Path> path(String name) {
        try {
            return Optional.of(directory.resolve(name).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A name with a dot before it is one that is being written. */
    private static boolean isCheckpoint(Path folder) {
        return !folder.getFileName().toString().startsWith(".")
                && Files.isRegularFile(folder.resolve(CheckpointState.FILE));
    }

    /** Empty if it is removed meanwhile, or of a format that this version does not read. */
    private static Optional<Listed> read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            CheckpointState state = CheckpointState.read(folder);
            return Optional.of(new Listed(
                    folder.getFileName().toString(),
                    state.step(),
                    state.pairs(),
                    Files.getLastModifiedTime(folder.resolve(CheckpointState.FILE))
                            .toInstant(),
                    files.mapToLong(file -> file.toFile().length()).sum(),
                    isPinned(folder)));
        } catch (IOException | UncheckedIOException | CheckpointException e) {
            return Optional.empty();
        }
    }
}
