package dev.tandem.actors;

import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of the live model. A process that trains writes them; a process with a read-only checkpoint folder
 * follows those of the training process.
 */
final class ModelCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoints.class);
    private static final String NONE = "none";

    private final BicycleGan model;
    private final CheckpointStore store;
    /** The checkpoint that the model was last saved to or loaded from. */
    private Optional<Saved> newest;
    /** The folder that was last followed, even if it could not be loaded. */
    private Optional<Path> followed;

    ModelCheckpoints(BicycleGan model, CheckpointStore store) {
        this.model = model;
        this.store = store;
        this.newest = model.origin().map(this::saved);
        this.followed = model.origin();
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
                .orElseGet(this::write);
    }

    /** Writes a checkpoint of the current state. */
    Saved write() {
        Saved saved = saved(model.save(store));
        newest = Optional.of(saved);
        LOG.info("checkpoint {}", saved.folder());
        return saved;
    }

    /**
     * Loads the newest checkpoint of the folder if it is a new one. A checkpoint that is damaged or does not match the
     * settings is skipped with a warning, because a later one may be valid.
     */
    void follow() {
        try {
            store.newestFolder()
                    .filter(folder -> !Optional.of(folder).equals(followed))
                    .ifPresent(this::load);
        } catch (CheckpointException e) {
            LOG.warn("cannot look for a newer checkpoint: {}", e.getMessage());
        }
    }

    private void load(Path folder) {
        followed = Optional.of(folder);
        try {
            model.follow(Checkpoint.open(folder));
            newest = Optional.of(saved(folder));
            LOG.info("loaded checkpoint {}", folder);
        } catch (SettingsException | CheckpointException e) {
            LOG.warn("cannot load checkpoint {}: {}", folder, e.getMessage());
        }
    }

    private Saved saved(Path folder) {
        return new Saved(folder, model.step(), model.pairs());
    }
}
