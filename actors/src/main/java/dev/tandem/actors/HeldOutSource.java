package dev.tandem.actors;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings.Validation;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.HeldOutFile;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.validation.HeldOutCollection;
import dev.tandem.model.validation.HeldOutPairs;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pairs of the validation: those of a folder, or those that the stream holds out ({@code train.validation.share}). */
final class HeldOutSource {
    private static final Logger LOG = LoggerFactory.getLogger(HeldOutSource.class);

    private final HeldOutFile file;
    private final HeldOutCollection collection;
    private Optional<HeldOutPairs> pairs;

    private HeldOutSource(Optional<HeldOutPairs> pairs, HeldOutFile file, HeldOutCollection collection) {
        this.pairs = pairs;
        this.file = file;
        this.collection = collection;
    }

    /**
     * Opens the source of a run.
     *
     * @param fromFolder pairs that the stream does not contain
     * @param store the checkpoint folder, where earlier runs have saved the pairs of the stream
     * @throws CheckpointException if their file cannot be read or deleted
     */
    static HeldOutSource of(
            Optional<HeldOutPairs> fromFolder, Settings settings, BicycleGan model, CheckpointStore store) {
        Validation validation = settings.train().validation();
        HeldOutFile file = HeldOutFile.of(settings, store.directory());
        HeldOutCollection collection = new HeldOutCollection(validation.inputs());
        if (store.isReadOnly()) {
            return new HeldOutSource(fromFolder, file, collection);
        }
        if (validation.share() == 0) {
            file.delete();
            return new HeldOutSource(fromFolder, file, collection);
        }
        Optional<HeldOutPairs> saved = file.read(model.inputShape(1), model.outputShape(1));
        LOG.info(
                saved.isPresent()
                        ? "validation: {} inputs of an earlier run, in {}"
                        : "validation: collecting {} inputs from the stream, for {}",
                validation.inputs(),
                file.path());
        return new HeldOutSource(saved, file, collection);
    }

    /** The pairs; empty without a validation, or until the stream has held out enough inputs. */
    Optional<HeldOutPairs> pairs() {
        return pairs;
    }

    /** Takes a pair that the stream holds out. */
    void add(Tensor a, Tensor b) {
        if (pairs.isEmpty()) {
            pairs = collection.add(a, b);
            pairs.ifPresent(complete -> {
                file.write(complete);
                LOG.info(
                        "validation: {} inputs are collected", complete.inputs().size());
            });
        }
    }
}
