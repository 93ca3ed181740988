package dev.tandem.model.checkpoint;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.FileFault;
import dev.tandem.config.SettingsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of all checkpoints of a model.
 *
 * <p>A checkpoint is written under a temporary name, forced to disk and renamed, so a folder named after a step is
 * complete. Saving removes the oldest checkpoints beyond {@code checkpoint.keep}, except pinned ones and folders with
 * other names (for instance a copy called {@code best}).
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final Pattern NAME = Pattern.compile("step-\\d{10}");
    private static final String UNFINISHED = ".unfinished-";
    private static final String REPLACED = ".replaced-";

    private final Path directory;
    private final int keep;
    private final Optional<CheckpointLock> lock;

    /** Writes the files of a checkpoint into a folder. */
    interface FolderWriter {
        void writeTo(Path folder) throws IOException;
    }

    private CheckpointStore(Path directory, int keep, Optional<CheckpointLock> lock) {
        this.directory = directory;
        this.keep = keep;
        this.lock = lock;
    }

    /** Opens a folder for reading only; another process may write to it. */
    public static CheckpointStore openReadOnly(Path directory) {
        return new CheckpointStore(directory.toAbsolutePath().normalize(), 0, Optional.empty());
    }

    /**
     * Opens a folder for writing and locks it until the process ends. Creates the folder if it is missing, and removes
     * what a crash left incomplete.
     *
     * @throws CheckpointException if the folder cannot be written to, or another process has locked it
     */
    public static CheckpointStore open(CheckpointSettings settings) {
        Path directory = settings.directory().toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            CheckpointStore store =
                    new CheckpointStore(directory, settings.keep(), Optional.of(CheckpointLock.acquire(directory)));
            store.recover();
            return store;
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + directory + " cannot be written to (" + FileFault.reason(e, directory)
                            + "); set checkpoint.directory to a writable folder",
                    e);
        }
    }

    /** Whether a folder has the name of a checkpoint of another step. A copy may have any other name. */
    static boolean isNameOfAnotherStep(Path folder, long step) {
        String name = folder.getFileName().toString();
        return NAME.matcher(name).matches() && !name.equals(name(step));
    }

    static String name(long step) {
        return String.format(Locale.ROOT, "step-%010d", step);
    }

    public boolean isReadOnly() {
        return lock.isEmpty();
    }

    public Path directory() {
        return directory;
    }

    /**
     * Opens the checkpoint in a folder, or the newest valid one if the folder contains checkpoints; for reading only.
     *
     * @throws CheckpointException if there is no valid checkpoint
     */
    public static Checkpoint openNewest(Path folder) {
        if (Files.exists(folder.resolve(CheckpointState.FILE))) {
            return Checkpoint.open(folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException("there is no checkpoint " + folder + "; check the path");
        }
        CheckpointStore store = openReadOnly(folder);
        return store.newestValid().orElseThrow(store::noneUsable);
    }

    /** The checkpoints by name. */
    public CheckpointCatalog catalog() {
        return new CheckpointCatalog(directory);
    }

    /**
     * Makes sure that this process still owns the folder, and creates the folder and its lock again if they were removed.
     * A process that trains calls this regularly.
     *
     * @return whether they were removed
     * @throws SettingsException if another process trains in the folder now
     * @throws CheckpointException if the folder cannot be created again
     */
    public boolean keepLock() {
        try {
            return lock.isPresent() && lock.get().keep();
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + directory + " was removed during the run and cannot be created again ("
                            + FileFault.reason(e, directory) + "); make it writable",
                    e);
        }
    }

    /** Folders of all checkpoints, valid or not, the newest first. */
    public List<Path> newestFirst() {
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
                    "the checkpoint folder " + directory + " cannot be read (" + FileFault.reason(e, directory)
                            + "); check its permissions",
                    e);
        }
    }

    /** The newest valid checkpoint; damaged ones are logged and ignored. */
    public Optional<Checkpoint> newestValid() {
        for (Iterator<Path> folders = newestFirst().iterator(); folders.hasNext(); ) {
            try {
                return Optional.of(Checkpoint.open(folders.next()));
            } catch (CheckpointException e) {
                LOG.error(
                        "{}; {}",
                        e.problem(),
                        folders.hasNext() ? "using the one before it" : "there is none before it");
            }
        }
        return Optional.empty();
    }

    /** The settings of the newest checkpoint, by dotted key; empty if there is none. Only its {@code state.json} is read. */
    public Map<String, String> newestSettings() {
        return newestFirst().stream()
                .flatMap(folder -> state(folder).stream())
                .findFirst()
                .map(CheckpointState::settings)
                .orElse(Map.of());
    }

    /** The {@code state.json} of a checkpoint; empty if it is damaged. */
    private static Optional<CheckpointState> state(Path folder) {
        try {
            return Optional.of(CheckpointState.read(folder));
        } catch (IOException | CheckpointException e) {
            LOG.debug("the state of {} cannot be read", folder, e);
            return Optional.empty();
        }
    }

    /**
     * Requires that training resumes from a checkpoint if there is one: a fresh model would replace the checkpoints.
     *
     * @throws CheckpointException if there are checkpoints, but none is valid
     */
    public void requireResumable() {
        int count = newestFirst().size();
        if (count > 0 && newestValid().isEmpty()) {
            throw new CheckpointException(noneOf(count)
                    + "; repair one, or set checkpoint.directory to a new folder to train from the beginning");
        }
    }

    private CheckpointException noneUsable() {
        int count = newestFirst().size();
        return new CheckpointException(
                count == 0
                        ? "there is no checkpoint in " + directory + "; check the path, or train first"
                        : noneOf(count) + "; repair one, or use another folder");
    }

    private String noneOf(int count) {
        return count == 1
                ? "the only checkpoint in " + directory + " is not valid"
                : "none of the " + count + " checkpoints in " + directory + " is valid";
    }

    /**
     * Writes a checkpoint under the name of its step and removes the oldest ones. An existing checkpoint of that step
     * is replaced unless it is valid and current.
     *
     * @param isCurrent whether an existing checkpoint of the same step has the same content; pairs that were skipped
     *     after the step change it
     * @throws CheckpointException if it cannot be written
     * @throws SettingsException if the lock was removed and another process trains in the folder now
     */
    Path save(long step, Predicate<Checkpoint> isCurrent, FolderWriter writer) {
        Path target = directory.resolve(name(step));
        try {
            if (lock.isPresent()) {
                lock.get().keep();
            }
            if (!isValidAnd(isCurrent, target)) {
                replace(target, written(writer));
            }
            prune(target);
            return target;
        } catch (IOException e) {
            throw new CheckpointException(
                    "checkpoint " + target + " cannot be written (" + FileFault.reason(e, directory)
                            + "); check that the disk is writable and not full",
                    e);
        }
    }

    /** Deletes the temporary folder if writing fails, because the disk may be full. */
    private Path written(FolderWriter writer) throws IOException {
        Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
        try {
            writer.writeTo(unfinished);
            force(unfinished);
            return unfinished;
        } catch (IOException | RuntimeException e) {
            deleteRecursively(unfinished);
            throw e;
        }
    }

    /** At every moment the old or the new checkpoint exists, possibly under a temporary name. */
    private void replace(Path target, Path written) throws IOException {
        Path old = directory.resolve(REPLACED + target.getFileName());
        if (Files.exists(old)) {
            deleteRecursively(old);
        }
        if (Files.exists(target)) {
            CheckpointCatalog.setPinned(written, CheckpointCatalog.isPinned(target));
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
        if (Files.exists(old)) {
            deleteRecursively(old);
        }
    }

    /** Removes or completes what a crash interrupted. */
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

    private static boolean isValidAnd(Predicate<Checkpoint> isCurrent, Path folder) {
        try {
            return isCurrent.test(Checkpoint.open(folder));
        } catch (CheckpointException e) {
            return false;
        }
    }

    /**
     * Removes the oldest checkpoints up to the one just written, except the one with the best score. Later ones must be
     * damaged, or the run would have resumed from them; the user decides about those.
     */
    private void prune(Path newest) throws IOException {
        List<Path> upToNewest = newestFirst().stream()
                .filter(folder -> folder.compareTo(newest) <= 0 && !CheckpointCatalog.isPinned(folder))
                .toList();
        Optional<String> best = CheckpointCatalog.best(catalog().list());
        for (Path old : upToNewest.subList(Math.min(keep, upToNewest.size()), upToNewest.size())) {
            if (best.filter(old.getFileName().toString()::equals).isEmpty()) {
                deleteRecursively(old);
            }
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
}
