package dev.tandem.model.checkpoint;

import dev.tandem.config.CheckpointSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
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
 * name is whole. Folders with names of their own (a copy called {@code best}, say) are never removed.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final Pattern NAME = Pattern.compile("step-(\\d{10})");
    private static final String UNFINISHED = ".unfinished-";

    private final Path directory;
    private final int keep;

    /** How the writer of a checkpoint fills its folder. */
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private CheckpointStore(Path directory, int keep) {
        this.directory = directory;
        this.keep = keep;
    }

    /**
     * Opens the folder, makes it if missing, and removes what a crash left half-written.
     *
     * @throws CheckpointException if it cannot be written to
     */
    public static CheckpointStore open(CheckpointSettings settings) {
        Path directory = settings.directory().toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, UNFINISHED, ".probe"));
            CheckpointStore store = new CheckpointStore(directory, settings.keep());
            for (Path unfinished : store.folders(name -> name.startsWith(UNFINISHED))) {
                deleteRecursively(unfinished);
            }
            return store;
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + directory + " cannot be written to (" + reason(e)
                            + "); set checkpoint.directory to a folder that can",
                    e);
        }
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
        return new CheckpointStore(folder, Integer.MAX_VALUE)
                .latest()
                .orElseThrow(() -> new CheckpointException("there is no checkpoint in " + folder));
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

    /** Writes a checkpoint under the name of its step and removes the oldest beyond the number to keep. */
    Path save(long step, Content content) {
        Path target = directory.resolve(String.format("step-%010d", step));
        try {
            Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
            content.writeTo(unfinished);
            force(unfinished);
            if (Files.exists(target)) {
                deleteRecursively(target);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
            prune();
            return target;
        } catch (IOException e) {
            throw new CheckpointException(
                    "checkpoint " + target + " cannot be written (" + reason(e) + "); is the disk full?", e);
        }
    }

    private void prune() throws IOException {
        List<Path> folders = newestFirst();
        for (Path old : folders.subList(Math.min(keep, folders.size()), folders.size())) {
            deleteRecursively(old);
        }
    }

    private List<Path> newestFirst() {
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
