package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Sampler;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.Trainer;
import dev.tandem.model.train.Weights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model that learns and translates: networks, optimizers, and how far it has come.
 *
 * <p>Images are (N, 3, H, W) in [-1, 1] at the model's size, latents (N, L). Belongs to one thread.
 *
 * <p>Source: Zhu et al., "Toward Multimodal Image-to-Image Translation", NeurIPS 2017.
 */
public final class BicycleGan implements AutoCloseable {
    private static final String AVERAGE = "generator_average";
    /** Keys that may differ between a checkpoint and the settings it is resumed with. */
    private static final String DEVICE = "model.device";

    private final Engine engine;
    private final Settings settings;
    private final Networks networks;
    private final Weights weights;
    private final Optional<Variables> average;
    private final Trainer trainer;
    private final Sampler sampler;
    private long step;
    private long pairs;
    private Offsets offsets = Offsets.NONE;
    private Optional<Path> origin = Optional.empty();

    private BicycleGan(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.networks = new Networks(settings.model());
        this.weights = Weights.initialised(engine, networks, settings.train().seed());
        Variables generator = weights.of(Member.GENERATOR);
        this.average = settings.train().emaDecay() > 0
                ? Optional.of(engine.allocateConstant(generator.specs()))
                : Optional.empty();
        average.ifPresent(variables -> engine.copy(generator, variables));
        this.trainer = new Trainer(engine, networks, weights, settings.train(), average);
        this.sampler = new Sampler(engine, networks, average.orElse(generator), weights.of(Member.ENCODER));
    }

    /** A model with fresh weights, drawn from {@code train.seed}. */
    public static BicycleGan fresh(Engine engine, Settings settings) {
        return new BicycleGan(engine, settings);
    }

    /**
     * The model of a checkpoint, ready to go on.
     *
     * @throws SettingsException if it was made with other networks than the settings say
     */
    public static BicycleGan resumed(Engine engine, Settings settings, Checkpoint checkpoint) {
        requireSameNetworks(settings, checkpoint);
        BicycleGan model = new BicycleGan(engine, settings);
        try {
            model.restore(checkpoint);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Takes the three optimizer steps with one batch of pairs, which ends at {@code seen}. */
    public StepLosses train(Tensor a, Tensor b, Offsets seen) {
        StepLosses losses = trainer.take(a, b, step);
        step++;
        pairs += a.shape().batch();
        offsets = offsets.advancedTo(seen);
        return losses;
    }

    /** G(A, z), image by image. */
    public Tensor translate(Tensor a, Tensor z) {
        return sampler.translate(a, z);
    }

    /** The mean of E(B), image by image. */
    public Tensor encode(Tensor b) {
        return sampler.encode(b);
    }

    /** Writes a checkpoint and returns its folder. */
    public Path save(CheckpointStore store) {
        return Checkpoint.save(
                store,
                new Checkpoint.Content(
                        step, pairs, offsets, trained(), averaged(), settings.provenance(), provenance()));
    }

    public long step() {
        return step;
    }

    public long pairs() {
        return pairs;
    }

    /** Next record of each partition. */
    public Offsets offsets() {
        return offsets;
    }

    /** Shape of N images at the model's size. */
    public Shape images(int batch) {
        return networks.images(batch);
    }

    public Shape latents(int batch) {
        return networks.latents(batch);
    }

    /** The checkpoint it was resumed from. */
    public Optional<Path> origin() {
        return origin;
    }

    public String device() {
        return engine.device();
    }

    @Override
    public void close() {
        engine.close();
    }

    private void restore(Checkpoint checkpoint) {
        checkpoint.readWeights(trained());
        checkpoint.readOptimizer(trained());
        if (checkpoint.has(AVERAGE)) {
            checkpoint.readWeights(averaged());
        } else {
            average.ifPresent(variables -> engine.copy(weights.of(Member.GENERATOR), variables));
        }
        step = checkpoint.step();
        pairs = checkpoint.pairs();
        offsets = checkpoint.offsets();
        origin = Optional.of(checkpoint.folder());
    }

    private Map<String, Variables> trained() {
        Map<String, Variables> networksByKey = new TreeMap<>();
        weights.members().forEach((member, variables) -> networksByKey.put(member.key(), variables));
        return networksByKey;
    }

    private Map<String, Variables> averaged() {
        return average.map(variables -> Map.of(AVERAGE, variables)).orElse(Map.of());
    }

    private Map<String, String> provenance() {
        return Map.of(
                "tandem",
                        Optional.ofNullable(BicycleGan.class.getPackage().getImplementationVersion())
                                .orElse("unpackaged"),
                "java", Runtime.version().toString(),
                "platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                "device", engine.device());
    }

    /** @throws SettingsException that names the first setting in which they differ */
    public static void requireSameNetworks(Settings settings, Checkpoint checkpoint) {
        checkpoint.settings().forEach((key, made) -> {
            String now = settings.provenance().get(key);
            if (key.startsWith("model.") && !key.equals(DEVICE) && !made.equals(now)) {
                throw new SettingsException("checkpoint " + checkpoint.folder() + " was made with " + key + " = "
                        + made + ", but the settings say " + now + "; set " + key + "=" + made
                        + " or another checkpoint.directory");
            }
        });
    }
}
