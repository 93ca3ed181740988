package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Backend;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.DeviceMemoryException;
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
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.Translator;
import dev.tandem.model.validation.HeldOutPairs;
import dev.tandem.model.validation.Score;
import dev.tandem.model.validation.Validation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

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
    private static final String VALIDATION = "validation";

    private final Settings settings;
    private final Networks networks;
    private final Backend engine;
    private final LiveModel live;
    private final ServingCheckpoint serving;

    private BicycleGan(Settings settings, Backend engine, LiveModel live, Supplier<Backend> servingEngines) {
        this.settings = settings;
        this.networks = Networks.of(settings);
        this.engine = engine;
        this.live = live;
        this.serving = new ServingCheckpoint(networks, engine, servingEngines);
    }

    /** Creates a model with initial weights, random by {@code train.seed}, which can train. */
    public static BicycleGan fresh(Engine engine, Settings settings) {
        return fresh(engine, settings, () -> engine);
    }

    /** @param servingEngines opens the engine of serving checkpoints */
    static BicycleGan fresh(Engine engine, Settings settings, Supplier<Backend> servingEngines) {
        LiveModel live = opened(
                engine, Workload.training(settings), () -> new TrainedModel(engine, settings, Networks.of(settings)));
        return new BicycleGan(settings, engine, live, servingEngines);
    }

    /**
     * Restores the model of a checkpoint for training, with optimizer state and past pairs.
     *
     * @throws SettingsException if the checkpoint's networks differ from those that the settings describe
     */
    public static BicycleGan resumed(Engine engine, Settings settings, Checkpoint checkpoint) {
        return resumed(engine, settings, checkpoint, () -> engine);
    }

    /** @param servingEngines opens the engine of serving checkpoints */
    static BicycleGan resumed(
            Engine engine, Settings settings, Checkpoint checkpoint, Supplier<Backend> servingEngines) {
        LiveModel live = opened(engine, Workload.training(settings), () -> {
            NetworkCompatibility.require(settings, checkpoint);
            TrainedModel model = new TrainedModel(engine, settings, Networks.of(settings));
            model.resume(checkpoint);
            return model;
        });
        return new BicycleGan(settings, engine, live, servingEngines);
    }

    /**
     * Opens a model that translates and encodes, but does not train.
     *
     * @param checkpoint the first checkpoint that the model follows; empty: initial weights, random by {@code train.seed}
     * @throws SettingsException if the checkpoint's networks differ from those that the settings describe
     */
    public static BicycleGan translating(Backend engine, Settings settings, Optional<Checkpoint> checkpoint) {
        LiveModel live = opened(engine, Workload.translation(settings), () -> {
            checkpoint.ifPresent(first -> NetworkCompatibility.require(settings, first));
            FollowedModel model = new FollowedModel(settings, FixedWeights.on(engine, Networks.of(settings)));
            checkpoint.ifPresentOrElse(model::follow, model::initialise);
            return model;
        });
        return new BicycleGan(settings, engine, live, () -> engine);
    }

    /** The model owns the engine, so the engine is closed if the model cannot be opened. */
    private static LiveModel opened(Backend engine, Workload workload, Supplier<LiveModel> opening) {
        try {
            return workload.run(opening);
        } catch (RuntimeException e) {
            engine.close();
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
        return live.train(a, b, next);
    }

    /**
     * Announces the pairs of the step after the next one, so that they are copied to the device during the next step. This
     * only saves time: that step can still get other pairs.
     *
     * @param a the same object as in that step
     * @param b the same object as in that step
     */
    public void announce(Tensor a, Tensor b) {
        live.announce(a, b);
    }

    /**
     * Counts pairs as seen without training on them.
     *
     * @param next next offsets after these pairs
     */
    public void skip(int count, Offsets next) {
        live.skip(count, next);
    }

    /**
     * Returns the diversity of the live model: the mean absolute difference over all pairs of {@code samples}
     * translations of one image, averaged over the images.
     *
     * @param a (N, C, H, W)
     */
    public double diversity(Tensor a, int samples) {
        Tensor z = Noise.gaussian(latentShape(samples), settings.train().seed(), PROBE);
        return Workload.diversity(settings, Chunks.largest(samples))
                .run(() -> live.translator().diversity(a, z));
    }

    /**
     * Measures the live model on held-out pairs. A checkpoint of the same step contains the score.
     *
     * @return empty if a translation is not finite
     * @throws SettingsException if the device has too little memory
     */
    public Optional<Score> validate(HeldOutPairs pairs) {
        int samples = hasLatent() ? settings.train().validation().samples() : 1;
        Tensor z = Noise.gaussian(latentShape(samples), settings.train().seed(), VALIDATION);
        return Workload.validation(settings, Chunks.largest(samples))
                .run(() -> live.validate(new Validation(pairs, z)));
    }

    /** Translates N images with N latents, G(A, z), with the serving checkpoint or else the live model. */
    public Tensor translate(Tensor a, Tensor z) {
        return translate(translator(), a, z);
    }

    /** Translates N images with N latents, G(A, z), with the live model even if a checkpoint serves. */
    public Tensor preview(Tensor a, Tensor z) {
        return translate(live.translator(), a, z);
    }

    private Tensor translate(Translator translator, Tensor a, Tensor z) {
        return Workload.translation(settings, Chunks.largest(a.shape().batch())).run(() -> translator.translate(a, z));
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
        return Workload.translation(settings, Chunks.largest(b.shape().batch()))
                .run(() -> translator().encode(b));
    }

    private Translator translator() {
        return serving.translator().orElseGet(live::translator);
    }

    /**
     * Selects the serving checkpoint: it translates and encodes in place of the live model, which can continue to train.
     *
     * <p>If that fails, nothing has changed.
     *
     * @throws SettingsException if its networks differ from the model's, or the device has too little memory
     * @throws CheckpointException if it cannot be read, or temporarily not be loaded; or if it has no encoder but the
     *     model has one, because requests for styles may be waiting
     */
    public void serve(Checkpoint checkpoint) {
        NetworkCompatibility.require(settings, checkpoint);
        if (hasEncoder() && !checkpoint.networks().contains(Member.ENCODER.key())) {
            throw new CheckpointException("checkpoint " + checkpoint.name()
                    + " has no encoder, which the model needs for styles; choose a checkpoint with an encoder");
        }
        Workload.translation(settings).run(() -> serving.select(checkpoint));
    }

    /** Lets the live model translate again. */
    public void serveLive() {
        serving.deselect();
    }

    /**
     * Replaces the live model by a newer checkpoint of the same model. If that fails, nothing has changed.
     *
     * @throws SettingsException if the checkpoint's networks differ from the model's
     * @throws CheckpointException if the checkpoint cannot be read, or temporarily not be loaded
     * @throws DeviceMemoryException if the device has too little memory
     */
    public void follow(Checkpoint checkpoint) {
        NetworkCompatibility.require(settings, checkpoint);
        Workload.translation(settings).run(() -> live.follow(checkpoint));
    }

    /** Writes a checkpoint of the live model and returns its folder. */
    public Path save(CheckpointStore store) {
        return live.save(store);
    }

    /** Training steps taken. */
    public long step() {
        return live.step();
    }

    /** Pairs seen, including skipped ones. */
    public long pairs() {
        return live.pairs();
    }

    /** Number of past pairs in the replay buffer. */
    public int pastPairs() {
        return live.pastPairs();
    }

    /** Next offset of each partition. */
    public Offsets offsets() {
        return live.offsets();
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

    /** Whether translations of one image can differ. */
    public boolean hasLatent() {
        return settings.model().latent() > 0;
    }

    /** Whether images can be encoded; false for an imported checkpoint without an encoder until training begins. */
    public boolean hasEncoder() {
        return live.hasEncoder();
    }

    /** Folder of the checkpoint that the model was restored from; empty for initial weights. */
    public Optional<Path> origin() {
        return live.origin();
    }

    /** Description of the device of the live model, for messages. */
    public String device() {
        return engine.device();
    }

    /** Name of the engine of the live model. */
    public String liveEngine() {
        return engine.name();
    }

    /** Name of the engine that translates and encodes: that of the serving checkpoint, or else that of the live model. */
    public String engine() {
        return serving.engineName().orElseGet(this::liveEngine);
    }

    /** The memory that the model uses on its device; any thread may call this. */
    public DeviceMemory memory() {
        DeviceMemory memory = engine.memory();
        return serving.ownEngine().map(Backend::memory).map(memory::plus).orElse(memory);
    }

    @Override
    public void close() {
        try {
            serving.close();
        } finally {
            engine.close();
        }
    }
}
