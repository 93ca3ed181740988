package dev.tandem.model;

import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.Translator;
import dev.tandem.model.validation.Score;
import dev.tandem.model.validation.Validation;
import java.nio.file.Path;
import java.util.Optional;

/** The weights that train in this process, or that follow the training of another process; with their progress. */
interface LiveModel {

    /** Translates with the current weights. */
    Translator translator();

    /** Takes one training step, as {@link BicycleGan#train} describes. */
    StepReport train(Tensor a, Tensor b, Offsets next);

    /** Announces the pairs of the step after the next one, as {@link BicycleGan#announce} describes. */
    void announce(Tensor a, Tensor b);

    /** Counts pairs as seen without training on them. */
    void skip(int count, Offsets next);

    /** Replaces the weights by those of another checkpoint, and the progress. */
    void follow(Checkpoint checkpoint);

    /** Writes a checkpoint and returns its folder. */
    Path save(CheckpointStore store);

    /** Measures the current weights on held-out pairs, as {@link BicycleGan#validate} describes. */
    Optional<Score> validate(Validation validation);

    long step();

    long pairs();

    int pastPairs();

    Offsets offsets();

    Optional<Path> origin();

    /** Whether images can be encoded. */
    boolean hasEncoder();
}
