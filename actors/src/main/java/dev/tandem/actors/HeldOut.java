package dev.tandem.actors;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings.Validation;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.validation.HeldOutCollection;
import dev.tandem.model.validation.HeldOutFile;
import dev.tandem.model.validation.HeldOutPairs;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pairs of the validation: given ones, or those that the stream holds out ({@code train.validation.share}). */
final class HeldOut {
    private static final Logger LOG = LoggerFactory.getLogger(HeldOut.class);

    private final HeldOutFile file;
    private final HeldOutCollection collection;
    private Optional<HeldOutPairs> pairs;

    private HeldOut(Optional<HeldOutPairs> pairs, HeldOutFile file, HeldOutCollection collection) {
        this.pairs = pairs;
        this.file = file;
        this.collection = collection;
    }

    /**
     * Reads the pairs that earlier runs have collected, unless there are given ones.
     *
     * @param given pairs that the stream does not contain
     * @param store the checkpoint folder, which has their file
     */
    static HeldOut of(Optional<HeldOutPairs> given, Settings settings, BicycleGan model, CheckpointStore store) {
        Validation validation = settings.train().validation();
        HeldOutFile file = HeldOutFile.in(store.directory());
        Optional<HeldOutPairs> pairs = given;
        if (validation.share() > 0 && !store.isReadOnly()) {
            pairs = file.read(validation.inputs(), model.inputShape(1), model.outputShape(1));
            pairs.ifPresent(collected ->
                    LOG.info("validation: {} inputs of {}", collected.inputs().size(), file.file()));
        }
        return new HeldOut(pairs, file, new HeldOutCollection(validation.inputs()));
    }

    /** The pairs; empty without a validation, or until the stream has held out enough inputs. */
    Optional<HeldOutPairs> pairs() {
        return pairs;
    }

    /** Takes a pair that the stream holds out. */
    void add(Tensor a, Tensor b) {
        if (pairs.isEmpty()) {
            pairs = collection.add(a, b);
            pairs.ifPresent(collected -> {
                file.write(collected);
                LOG.info(
                        "validation: {} inputs of the stream, kept in {}",
                        collected.inputs().size(),
                        file.file());
            });
        }
    }
}
