package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Workload;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.ReplayBuffer.Batch;
import dev.tandem.model.train.Sampler;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.Trainer;
import dev.tandem.model.train.Translator;
import dev.tandem.model.validation.Score;
import dev.tandem.model.validation.Validation;
import java.nio.file.Path;
import java.util.Optional;

/** A live model that trains. */
final class TrainedModel implements LiveModel {
    private final Settings settings;
    private final ModelState state;
    private final Trainer trainer;
    private final Sampler sampler;

    /** Allocates and initialises all weights, random by {@code train.seed}. */
    TrainedModel(Engine engine, Settings settings, Networks networks) {
        this.settings = settings;
        this.state = new ModelState(engine, settings, networks);
        this.trainer = new Trainer(engine, networks, state.weights(), settings, state.average());
        this.sampler = new Sampler(
                engine, networks, state.samplingGenerator(), state.weights().find(Member.ENCODER));
    }

    /** Restores weights, optimizer state, past pairs and progress. */
    void resume(Checkpoint checkpoint) {
        state.restore(checkpoint);
    }

    @Override
    public Translator translator() {
        return sampler;
    }

    @Override
    public StepReport train(Tensor a, Tensor b, Offsets next) {
        state.beginTraining();
        Batch batch = state.replay().mix(a, b, state.step());
        StepReport report = Workload.training(settings, batch.a().shape().batch())
                .run(() -> trainer.take(batch.a(), batch.b(), state.step(), state.pairs()));
        state.replay().offer(a, b);
        state.countStep(a.shape().batch(), next);
        return report;
    }

    /** A batch with past pairs is another one: it is put together when its step begins. */
    @Override
    public void announce(Tensor a, Tensor b) {
        if (settings.train().replayedPairs() == 0) {
            trainer.announce(a, b);
        }
    }

    @Override
    public void skip(int count, Offsets next) {
        state.countPairs(count, next);
    }

    @Override
    public Optional<Score> validate(Validation validation) {
        Optional<Score> score = validation.score(sampler, state.step());
        score.ifPresent(state::setScore);
        return score;
    }

    @Override
    public void follow(Checkpoint checkpoint) {
        throw new IllegalStateException("a model that trains does not follow checkpoints");
    }

    @Override
    public Path save(CheckpointStore store) {
        return state.save(store);
    }

    @Override
    public long step() {
        return state.step();
    }

    @Override
    public long pairs() {
        return state.pairs();
    }

    @Override
    public int pastPairs() {
        return state.replay().size();
    }

    @Override
    public Offsets offsets() {
        return state.offsets();
    }

    @Override
    public Optional<Path> origin() {
        return state.origin();
    }

    /** False for an imported checkpoint without an encoder until training begins. */
    @Override
    public boolean hasEncoder() {
        return settings.model().encodes() && !state.isMissing(Member.ENCODER);
    }
}
