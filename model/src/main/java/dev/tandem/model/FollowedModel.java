package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.Translator;
import dev.tandem.model.validation.Score;
import dev.tandem.model.validation.Validation;
import java.nio.file.Path;
import java.util.Optional;

/** A live model that only translates: initial weights at first, and then those of checkpoints that it follows. */
final class FollowedModel implements LiveModel {
    private final Settings settings;
    private final FixedWeights weights;
    private Optional<Checkpoint> followed = Optional.empty();
    private boolean hasEncoder;

    /** @param weights without values */
    FollowedModel(Settings settings, FixedWeights weights) {
        this.settings = settings;
        this.weights = weights;
        this.hasEncoder = settings.model().encodes();
    }

    /** Sets initial weights, random by {@code train.seed}. */
    void initialise() {
        weights.initialise(settings);
    }

    @Override
    public void follow(Checkpoint checkpoint) {
        boolean encodes = settings.model().encodes() && checkpoint.networks().contains(Member.ENCODER.key());
        weights.load(checkpoint);
        hasEncoder = encodes;
        followed = Optional.of(checkpoint);
    }

    @Override
    public Translator translator() {
        return weights.translator();
    }

    @Override
    public StepReport train(Tensor a, Tensor b, Offsets next) {
        throw onlyTranslates("cannot train");
    }

    @Override
    public void announce(Tensor a, Tensor b) {
        throw onlyTranslates("cannot train");
    }

    @Override
    public void skip(int count, Offsets next) {
        throw onlyTranslates("counts no pairs");
    }

    @Override
    public Optional<Score> validate(Validation validation) {
        throw onlyTranslates("is not validated");
    }

    @Override
    public Path save(CheckpointStore store) {
        throw onlyTranslates("writes no checkpoints");
    }

    private static IllegalStateException onlyTranslates(String consequence) {
        return new IllegalStateException("a model that only translates " + consequence);
    }

    @Override
    public long step() {
        return followed.map(Checkpoint::step).orElse(0L);
    }

    @Override
    public long pairs() {
        return followed.map(Checkpoint::pairs).orElse(0L);
    }

    @Override
    public int pastPairs() {
        return 0;
    }

    @Override
    public Offsets offsets() {
        return followed.map(Checkpoint::offsets).orElse(Offsets.NONE);
    }

    @Override
    public Optional<Path> origin() {
        return followed.map(Checkpoint::folder);
    }

    @Override
    public boolean hasEncoder() {
        return hasEncoder;
    }
}
