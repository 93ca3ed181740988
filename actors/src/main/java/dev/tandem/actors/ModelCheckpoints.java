package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.DeviceMemoryException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of the live model. A process that trains writes them; a process with a read-only checkpoint folder
 * follows those of the training process.
 */
final class ModelCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoints.class);
    private static final String NONE = "none";
    /** Short, because another process can take the folder while the lock is missing. */
    private static final Duration LOCK_CHECK_INTERVAL = Duration.ofSeconds(1);

    private final BicycleGan model;
    private final CheckpointStore store;
    /** The checkpoint that the model was last saved to or loaded from. */
    private Optional<Saved> newest;
    /** Folders that could not be loaded, with the time of their last change: a copy may still be incomplete. */
    private final Map<Path, Long> rejected = new HashMap<>();
    /** Why a checkpoint could not be loaded, if that is not a fault of the checkpoint. Each cause is logged once. */
    private Optional<String> temporaryProblem = Optional.empty();
    /** Whether the last check of the folder failed; only the first of several failures is logged. */
    private boolean isFailing;

    ModelCheckpoints(BicycleGan model, CheckpointStore store) {
        this.model = model;
        this.store = store;
        this.newest = model.origin().map(this::saved);
    }

    /** Returns the name of the checkpoint that the model was last saved to or loaded from, or {@code none}. */
    String newestName() {
        return newest.map(saved -> saved.folder().getFileName().toString()).orElse(NONE);
    }

    /** Returns a checkpoint of the current state, and writes it if needed. A read-only folder is not written to. */
    Saved save() {
        if (store.isReadOnly()) {
            return newest.orElseGet(() -> saved(store.directory()));
        }
        return newest.filter(saved -> saved.step() == model.step() && saved.pairs() == model.pairs())
                .filter(saved -> Files.exists(saved.folder()))
                .orElseGet(this::write);
    }

    /** Writes a checkpoint of the current state. */
    Saved write() {
        Saved saved = saved(model.save(store));
        newest = Optional.of(saved);
        LOG.info("checkpoint {}", saved.folder());
        return saved;
    }

    /** Returns the interval in which {@link #watchFolder} must be called. */
    static Duration watchInterval(CheckpointStore store, Settings settings) {
        return store.isReadOnly() ? settings.translate().followEvery() : LOCK_CHECK_INTERVAL;
    }

    /**
     * Checks the folder. A process that trains keeps its lock; another process loads the newest valid checkpoint if it is
     * a new one.
     *
     * @throws SettingsException if another process trains in the folder of this one, or the device has too little memory
     *     for the checkpoint
     */
    void watchFolder() {
        try {
            if (store.isReadOnly()) {
                follow();
            } else if (store.keepLock()
                    && newest.filter(saved -> !Files.exists(saved.folder())).isPresent()) {
                // The checkpoints were removed with the lock, so the model exists in memory only.
                write();
            }
            isFailing = false;
        } catch (CheckpointException e) {
            if (!isFailing) {
                LOG.warn("cannot check the checkpoint folder: {}", e.getMessage());
            }
            isFailing = true;
        }
    }

    private void follow() {
        List<Path> folders = store.newestFirst();
        rejected.keySet().retainAll(folders);
        for (Path folder : candidates(folders)) {
            if (load(folder)) {
                return;
            }
        }
    }

    /**
     * The checkpoints that may replace the loaded one, the newest first: later ones. If there are none and the loaded
     * one is gone, training started again, so any.
     */
    private List<Path> candidates(List<Path> folders) {
        Optional<Path> loaded = newest.map(Saved::folder);
        List<Path> later = folders.stream()
                .filter(folder -> loaded.isEmpty() || folder.compareTo(loaded.get()) > 0)
                .toList();
        return later.isEmpty() && !loaded.filter(folders::contains).isPresent() ? folders : later;
    }

    /** Returns whether the checkpoint was loaded. One that was rejected is tried again only after a change of its files. */
    private boolean load(Path folder) {
        long changed = lastChange(folder);
        if (changed == 0 || Objects.equals(rejected.get(folder), changed)) {
            return false;
        }
        try {
            model.follow(Checkpoint.open(folder));
            newest = Optional.of(saved(folder));
            temporaryProblem = Optional.empty();
            LOG.info("loaded checkpoint {}", folder);
            return true;
        } catch (DeviceMemoryException e) {
            throw e;
        } catch (CheckpointException e) {
            if (e.isTemporary()) {
                logOnce(folder, e.problem());
                return false;
            }
            LOG.warn("{}; using the newest valid checkpoint", e.problem());
        } catch (SettingsException e) {
            LOG.warn("cannot load checkpoint {}: {}", folder, e.getMessage());
        }
        rejected.put(folder, changed);
        return false;
    }

    private void logOnce(Path folder, String problem) {
        if (!temporaryProblem.equals(Optional.of(problem))) {
            LOG.warn("cannot load checkpoint {} now: {}; the next check tries again", folder, problem);
        }
        temporaryProblem = Optional.of(problem);
    }

    /** Milliseconds since 1970; 0 if the checkpoint was removed meanwhile. A file grows without a change of its folder. */
    private static long lastChange(Path folder) {
        File[] files = folder.toFile().listFiles();
        return Stream.concat(
                        Stream.of(folder.toFile()), Stream.ofNullable(files).flatMap(Stream::of))
                .mapToLong(File::lastModified)
                .max()
                .orElse(0);
    }

    private Saved saved(Path folder) {
        return new Saved(folder, model.step(), model.pairs());
    }
}
