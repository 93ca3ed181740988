package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Workload;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Chunks;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.NonFiniteException;
import dev.tandem.model.train.ReplayBuffer.Batch;
import dev.tandem.model.train.Sampler;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.Trainer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The BicycleGAN model: trains on pairs, translates images and encodes them.
 *
 * <p>The weights that train are the <em>live model</em>. A <em>serving checkpoint</em> can translate and encode in its
 * place while training continues.
 *
 * <p>Images are (N, C, H, W) in [-1, 1] at the model's size, latents are (N, L). All calls come from one thread.
 *
 * <p>Source: Zhu et al., "Toward Multimodal Image-to-Image Translation", NeurIPS 2017.
 */
public final class BicycleGan implements AutoCloseable {
    private static final String PROBE = "probe";

    private final Engine engine;
    private final Settings settings;
    private final Networks networks;
    private final ModelState state;
    private final Trainer trainer;
    private final Sampler liveSampler;
    /** Allocated for the first serving checkpoint and reused: the engine frees memory only when it closes. */
    private Optional<ServingWeights> servingWeights = Optional.empty();
    /** Translates with the serving checkpoint; empty: the live model translates. */
    private Optional<Sampler> servingSampler = Optional.empty();

    private BicycleGan(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.networks = Networks.of(settings);
        this.state = new ModelState(engine, settings, networks);
        this.trainer = new Trainer(engine, networks, state.weights(), settings, state.average());
        this.liveSampler = new Sampler(
                engine, networks, state.samplingGenerator(), state.weights().find(Member.ENCODER));
    }

    /** Creates a model with initial weights, random by {@code train.seed}. */
    public static BicycleGan fresh(Engine engine, Settings settings) {
        return Workload.training(settings).run(() -> new BicycleGan(engine, settings));
    }

    /**
     * Restores the model of a checkpoint for training, with optimizer state and past pairs.
     *
     * @throws SettingsException if the checkpoint's networks differ from those that the settings describe
     */
    public static BicycleGan resumed(Engine engine, Settings settings, Checkpoint checkpoint) {
        return Workload.training(settings)
                .run(() -> restored(engine, settings, checkpoint, state -> state.restoreForTraining(checkpoint)));
    }

    /**
     * Restores the model of a checkpoint for translating and encoding, without optimizer state and past pairs.
     *
     * @throws SettingsException if the checkpoint's networks differ from those that the settings describe
     */
    public static BicycleGan translating(Engine engine, Settings settings, Checkpoint checkpoint) {
        return Workload.translation(settings)
                .run(() -> restored(engine, settings, checkpoint, state -> state.restore(checkpoint)));
    }

    private static BicycleGan restored(
            Engine engine, Settings settings, Checkpoint checkpoint, Consumer<ModelState> restore) {
        NetworkCompatibility.require(settings, checkpoint);
        BicycleGan model = new BicycleGan(engine, settings);
        try {
            restore.accept(model.state);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Takes one training step with a batch of pairs, which {@code train.replay} can extend with past pairs.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     * @param next next offsets after these pairs
     * @throws NonFiniteException if a loss or a gradient is not finite; the model is unchanged then
     * @throws SettingsException if the device has too little memory; the weights are undefined then
     */
    public StepReport train(Tensor a, Tensor b, Offsets next) {
        state.beginTraining();
        Batch batch = state.replay().mix(a, b, state.step());
        StepReport report = Workload.training(settings, batch.a().shape().batch())
                .run(() -> trainer.take(batch.a(), batch.b(), state.step(), state.pairs()));
        state.replay().offer(a, b);
        state.countStep(a.shape().batch(), next);
        return report;
    }

    /**
     * Counts pairs as seen without training on them.
     *
     * @param next next offsets after these pairs
     */
    public void skip(int count, Offsets next) {
        state.countPairs(count, next);
    }

    /**
     * Returns the diversity of the live model: the mean absolute difference over all pairs of {@code samples}
     * translations of one image, averaged over the images.
     *
     * @param a (N, C, H, W)
     */
    public double diversity(Tensor a, int samples) {
        Tensor z = Noise.gaussian(latentShape(samples), settings.train().seed(), PROBE);
        return Workload.diversity(settings, Chunks.largest(samples)).run(() -> liveSampler.diversity(a, z));
    }

    /** Translates N images with N latents, G(A, z), with the serving checkpoint or else the live model. */
    public Tensor translate(Tensor a, Tensor z) {
        return translate(sampler(), a, z);
    }

    /** Translates N images with N latents, G(A, z), with the live model even if a checkpoint serves. */
    public Tensor preview(Tensor a, Tensor z) {
        return translate(liveSampler, a, z);
    }

    private Tensor translate(Sampler sampler, Tensor a, Tensor z) {
        return translation(a.shape().batch()).run(() -> sampler.translate(a, z));
    }

    /**
     * Returns the mean of E(B) for each image, (N, L), by the serving checkpoint or else the live model.
     *
     * @throws IllegalStateException if the model has no encoder
     */
    public Tensor encode(Tensor b) {
        return posterior(b).mu();
    }

    /**
     * Returns the Gaussian E(B) for each image, (N, L) each, by the serving checkpoint or else the live model.
     *
     * @throws IllegalStateException if the model has no encoder
     */
    public Posterior<Tensor> posterior(Tensor b) {
        return translation(b.shape().batch()).run(() -> sampler().encode(b));
    }

    /** Images are translated and encoded in chunks. */
    private Workload translation(int images) {
        return Workload.translation(settings, Chunks.largest(images));
    }

    private Sampler sampler() {
        return servingSampler.orElse(liveSampler);
    }

    /**
     * Selects the serving checkpoint: it translates and encodes in place of the live model, which can continue to train.
     *
     * @throws SettingsException if its networks differ from the model's; nothing has changed then
     * @throws CheckpointException if it has no encoder but the model has one, because requests for styles may be
     *     waiting; nothing has changed then. Or if it cannot be read; the live model translates then
     */
    public void serve(Checkpoint checkpoint) {
        NetworkCompatibility.require(settings, checkpoint);
        if (hasEncoder() && !checkpoint.networks().contains(Member.ENCODER.key())) {
            throw new CheckpointException("checkpoint " + checkpoint.name()
                    + " has no encoder, which the model needs for styles; choose a checkpoint with an encoder");
        }
        ServingWeights weights = Workload.translation(settings)
                .run(() -> servingWeights.orElseGet(() -> new ServingWeights(engine, networks)));
        servingWeights = Optional.of(weights);
        // If loading fails halfway, the serving weights are a mixture that must not translate.
        serveLive();
        weights.load(checkpoint);
        servingSampler = Optional.of(weights.sampler());
    }

    /** Whether a serving checkpoint translates, and not the live model. */
    public boolean isServingCheckpoint() {
        return servingSampler.isPresent();
    }

    /** Lets the live model translate again. */
    public void serveLive() {
        servingSampler = Optional.empty();
    }

    /**
     * Replaces the live model by a newer checkpoint of the same model.
     *
     * @throws SettingsException if the checkpoint's networks differ from the model's; nothing has changed then
     */
    public void follow(Checkpoint checkpoint) {
        NetworkCompatibility.require(settings, checkpoint);
        state.restore(checkpoint);
    }

    /** Writes a checkpoint of the live model and returns its folder. */
    public Path save(CheckpointStore store) {
        return state.save(store);
    }

    /** Training steps taken. */
    public long step() {
        return state.step();
    }

    /** Pairs seen, including skipped ones. */
    public long pairs() {
        return state.pairs();
    }

    /** Number of past pairs in the replay buffer. */
    public int pastPairs() {
        return state.replay().size();
    }

    /** Next offset of each partition. */
    public Offsets offsets() {
        return state.offsets();
    }

    /** Shape of N images A. */
    public Shape inputShape(int batch) {
        return networks.inputShape(batch);
    }

    /** Shape of N images B. */
    public Shape outputShape(int batch) {
        return networks.outputShape(batch);
    }

    /** Shape of N latents. */
    public Shape latentShape(int batch) {
        return networks.latentShape(batch);
    }

    /** Whether images can be encoded; false for an imported checkpoint without an encoder until training begins. */
    public boolean hasEncoder() {
        return settings.model().encodes() && !state.isMissing(Member.ENCODER);
    }

    /** Folder of the checkpoint that the model was restored from; empty for initial weights. */
    public Optional<Path> origin() {
        return state.origin();
    }

    /** Description of the device, for messages. */
    public String device() {
        return engine.device();
    }

    @Override
    public void close() {
        engine.close();
    }
}
