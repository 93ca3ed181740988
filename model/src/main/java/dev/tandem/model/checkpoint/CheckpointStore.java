package dev.tandem.model.checkpoint;

import dev.tandem.config.CheckpointSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of all checkpoints. A checkpoint is written aside, forced to disk and renamed, so that one that has its
 * name is whole. Folders with names of their own (a copy called {@code best}, say) and pinned ones are never removed.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final Pattern NAME = Pattern.compile("step-(\\d{10})");
    private static final String UNFINISHED = ".unfinished-";
    private static final String REPLACED = ".replaced-";
    private static final String LOCK = ".lock";

    private final Path directory;
    private final int keep;
    /** Held, not used: the lock would end with a channel that is collected. */
    private final Optional<FileChannel> lock;

    /** How the writer of a checkpoint fills its folder. */
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private CheckpointStore(Path directory, int keep, Optional<FileChannel> lock) {
        this.directory = directory;
        this.keep = keep;
        this.lock = lock;
    }

    /** A folder to read from only, while another process may write to it. */
    public static CheckpointStore openReadOnly(Path directory) {
        return new CheckpointStore(directory.toAbsolutePath().normalize(), 0, Optional.empty());
    }

    /**
     * Opens the folder for the one process that writes to it: makes it if missing, and removes what a crash left
     * half-written. The process holds the folder until it ends.
     *
     * @throws CheckpointException if it cannot be written to, or another process writes to it
     */
    public static CheckpointStore open(CheckpointSettings settings) {
        Path directory = settings.directory().toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            CheckpointStore store = new CheckpointStore(directory, settings.keep(), Optional.of(lock(directory)));
            store.recover();
            return store;
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + directory + " cannot be written to (" + reason(e)
                            + "); set checkpoint.directory to a folder that can",
                    e);
        }
    }

    /** The lock lives as long as its channel is held, and ends with the process however that ends. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process, which may open the folder more than once.
            return channel;
        }
        channel.close();
        throw new CheckpointException("another process trains in the checkpoint folder " + directory
                + "; set checkpoint.directory to another one");
    }

    public boolean isReadOnly() {
        return lock.isEmpty();
    }

    public Path directory() {
        return directory;
    }

    /**
     * A checkpoint by its own folder, or the newest in a folder of them, for reading only.
     *
     * @throws CheckpointException if there is none
     */
    public static Checkpoint openNewest(Path folder) {
        if (Files.exists(folder.resolve(CheckpointState.FILE))) {
            return Checkpoint.open(folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException("there is no checkpoint " + folder);
        }
        return openReadOnly(folder)
                .latest()
                .orElseThrow(() -> new CheckpointException("there is no checkpoint in " + folder));
    }

    /** The checkpoints by name. */
    public CheckpointCatalog catalog() {
        return new CheckpointCatalog(directory);
    }

    /** The newest checkpoint's folder, whole or not. */
    public Optional<Path> newest() {
        return newestFirst().stream().findFirst();
    }

    /** The newest checkpoint that is whole; damaged ones are named in the log and passed over. */
    public Optional<Checkpoint> latest() {
        for (Path folder : newestFirst()) {
            try {
                return Optional.of(Checkpoint.open(folder));
            } catch (CheckpointException e) {
                LOG.error("{}; using the one before it", e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Writes a checkpoint under the name of its step, unless a whole and current one of that step is there, and removes
     * the oldest beyond the number to keep.
     *
     * @param isCurrent whether a checkpoint of that step is this very one: pairs may have been passed over since
     */
    Path save(long step, Predicate<Checkpoint> isCurrent, Content content) {
        Path target = directory.resolve(String.format("step-%010d", step));
        try {
            if (!isWholeAnd(isCurrent, target)) {
                replace(target, written(content));
            }
            prune(target);
            return target;
        } catch (IOException e) {
            throw new CheckpointException(
                    "checkpoint " + target + " cannot be written (" + reason(e) + "); is the disk full?", e);
        }
    }

    /** Nothing is left of one that could not be written whole: the disk may be full. */
    private Path written(Content content) throws IOException {
        Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
        try {
            content.writeTo(unfinished);
            force(unfinished);
            return unfinished;
        } catch (IOException | RuntimeException e) {
            deleteRecursively(unfinished);
            throw e;
        }
    }

    /** At every moment the old one or the new one is there, if under another name. */
    private void replace(Path target, Path written) throws IOException {
        Path old = directory.resolve(REPLACED + target.getFileName());
        if (Files.exists(old)) {
            deleteRecursively(old);
        }
        if (Files.exists(target)) {
            CheckpointCatalog.mark(written, CheckpointCatalog.isPinned(target));
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
        if (Files.exists(old)) {
            deleteRecursively(old);
        }
    }

    /** Undoes what a crash left half-done. */
    private void recover() throws IOException {
        for (Path unfinished : folders(name -> name.startsWith(UNFINISHED))) {
            deleteRecursively(unfinished);
        }
        for (Path old : folders(name -> name.startsWith(REPLACED))) {
            Path target = directory.resolve(old.getFileName().toString().substring(REPLACED.length()));
            if (Files.exists(target)) {
                deleteRecursively(old);
            } else {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static boolean isWholeAnd(Predicate<Checkpoint> isCurrent, Path folder) {
        try {
            return isCurrent.test(Checkpoint.open(folder));
        } catch (CheckpointException e) {
            return false;
        }
    }

    /** Later ones than the one just written are damaged, or it would have gone on from them; they are left to people. */
    private void prune(Path newest) throws IOException {
        List<Path> upToNewest = newestFirst().stream()
                .filter(folder -> folder.compareTo(newest) <= 0 && !CheckpointCatalog.isPinned(folder))
                .toList();
        for (Path old : upToNewest.subList(Math.min(keep, upToNewest.size()), upToNewest.size())) {
            deleteRecursively(old);
        }
    }

    private List<Path> newestFirst() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try {
            List<Path> folders =
                    new ArrayList<>(folders(name -> NAME.matcher(name).matches()));
            folders.sort(Comparator.comparing(Path::getFileName).reversed());
            return folders;
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + directory + " cannot be read (" + reason(e) + ")", e);
        }
    }

    private List<Path> folders(Predicate<String> name) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> name.test(entry.getFileName().toString()))
                    .toList();
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteRecursively(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
