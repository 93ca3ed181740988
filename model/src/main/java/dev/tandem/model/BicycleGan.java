package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Provenance;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.NotFinite;
import dev.tandem.model.train.ReplayBuffer;
import dev.tandem.model.train.ReplayBuffer.Batch;
import dev.tandem.model.train.Sampler;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.train.Trainer;
import dev.tandem.model.train.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that learns and translates: networks, optimizers, and how far it has come.
 *
 * <p>Images are (N, C, H, W) in [-1, 1] at the model's size, latents (N, L). Belongs to one thread.
 *
 * <p>Source: Zhu et al., "Toward Multimodal Image-to-Image Translation", NeurIPS 2017.
 */
public final class BicycleGan implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BicycleGan.class);
    private static final String PROBE = "probe";

    private final Engine engine;
    private final Settings settings;
    private final Networks networks;
    private final Weights weights;
    private final Optional<Variables> average;
    private final Trainer trainer;
    private final ReplayBuffer replay;
    private final Sampler sampler;
    private long step;
    private long pairs;
    private Offsets offsets = Offsets.NONE;
    private Optional<Path> origin = Optional.empty();
    /** Kept for the next checkpoint that is to be served: the engine gives memory back only as a whole. */
    private Optional<PinnedWeights> servable = Optional.empty();

    private Optional<PinnedWeights> served = Optional.empty();
    /** What an imported checkpoint lacked, until training begins. */
    private final Set<Member> untrained = EnumSet.noneOf(Member.class);

    private BicycleGan(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.networks = Networks.of(settings);
        this.weights = Weights.initialised(engine, networks, settings.train().seed());
        Variables generator = weights.of(Member.GENERATOR);
        this.average = settings.train().emaDecay() > 0
                ? Optional.of(engine.allocateConstant(generator.specs()))
                : Optional.empty();
        average.ifPresent(variables -> engine.copy(generator, variables));
        this.trainer = new Trainer(engine, networks, weights, settings, average);
        this.replay = new ReplayBuffer(settings);
        this.sampler = new Sampler(engine, networks, average.orElse(generator), weights.find(Member.ENCODER));
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
        return restored(engine, settings, checkpoint, true);
    }

    /**
     * The model of a checkpoint, to translate and encode with; without what only learning needs.
     *
     * @throws SettingsException if it was made with other networks than the settings say
     */
    public static BicycleGan translating(Engine engine, Settings settings, Checkpoint checkpoint) {
        return restored(engine, settings, checkpoint, false);
    }

    private static BicycleGan restored(Engine engine, Settings settings, Checkpoint checkpoint, boolean toLearn) {
        NetworkCompatibility.require(settings, checkpoint);
        BicycleGan model = new BicycleGan(engine, settings);
        try {
            model.restore(checkpoint, toLearn);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Takes the three optimizer steps with one batch of pairs, which ends at {@code seen}, and with past ones among them
     * if {@code train.replay} says so.
     *
     * @throws NotFinite if a loss or a gradient is not finite; nothing has changed then
     */
    public StepReport train(Tensor a, Tensor b, Offsets seen) {
        sayWhatBeginsAnew();
        Batch batch = replay.joined(a, b, step);
        StepReport report = trainer.take(batch.a(), batch.b(), step, pairs);
        replay.offer(a, b);
        skip(a.shape().batch(), seen);
        step++;
        return report;
    }

    /** Counts pairs as seen that are not to be learnt from, up to {@code seen}. */
    public void skip(int count, Offsets seen) {
        offsets = offsets.advancedTo(seen);
        pairs += count;
    }

    /**
     * How much translations of the same image differ: the mean absolute difference over all pairs of samples.
     *
     * @param a (N, C, H, W)
     */
    public double diversity(Tensor a, int samples) {
        return sampler.diversity(
                a, Noise.gaussian(latents(samples), settings.train().seed(), PROBE));
    }

    /** G(A, z), image by image, with the weights that are served. */
    public Tensor translate(Tensor a, Tensor z) {
        return served.map(PinnedWeights::sampler).orElse(sampler).translate(a, z);
    }

    /** G(A, z), image by image, with the weights that learn, whatever is served. */
    public Tensor preview(Tensor a, Tensor z) {
        return sampler.translate(a, z);
    }

    /**
     * The mean of E(B), image by image, with the weights that are served.
     *
     * @throws IllegalStateException if the model has no encoder
     */
    public Tensor encode(Tensor b) {
        return posterior(b).mu();
    }

    /**
     * The Gaussian E(B), image by image, with the weights that are served, (N, L) each.
     *
     * @throws IllegalStateException if the model has no encoder
     */
    public Posterior<Tensor> posterior(Tensor b) {
        return served.map(PinnedWeights::sampler).orElse(sampler).encode(b);
    }

    /**
     * Translates with a checkpoint's weights from now on, while the model's own go on learning.
     *
     * @throws SettingsException if it was made with other networks; nothing has changed then
     * @throws CheckpointException if it has no encoder, but this model has: requests for styles may be under way; or if
     *     it cannot be read, and then the weights that learn translate
     */
    public void serve(Checkpoint checkpoint) {
        NetworkCompatibility.require(settings, checkpoint);
        if (hasEncoder() && !checkpoint.networks().contains(Member.ENCODER.key())) {
            throw new CheckpointException("checkpoint " + checkpoint.name() + " has no encoder");
        }
        PinnedWeights weightsToServe = servable.orElseGet(() -> new PinnedWeights(engine, networks));
        servable = Optional.of(weightsToServe);
        // Until all has been read, there is a mixture.
        serveLive();
        weightsToServe.read(checkpoint);
        served = servable;
    }

    /** Whether a checkpoint's weights translate, and not those that learn. */
    public boolean servesCheckpoint() {
        return served.isPresent();
    }

    /** Translates with the weights that learn again. */
    public void serveLive() {
        served = Optional.empty();
    }

    /**
     * Becomes what a newer checkpoint of the same model holds.
     *
     * @throws SettingsException if it was made with other networks; nothing has changed then
     */
    public void follow(Checkpoint checkpoint) {
        NetworkCompatibility.require(settings, checkpoint);
        untrained.clear();
        restore(checkpoint, false);
    }

    /** Writes a checkpoint and returns its folder. */
    public Path save(CheckpointStore store) {
        List<Entry> model = new ArrayList<>();
        List<Entry> optimizer = new ArrayList<>();
        Map<String, Long> updates = new TreeMap<>();
        trained().forEach((key, variables) -> {
            model.addAll(Checkpoint.weights(key, variables));
            optimizer.addAll(Checkpoint.moments(key, variables));
            updates.put(key, variables.updates());
        });
        averaged().forEach((key, variables) -> model.addAll(Checkpoint.weights(key, variables)));
        return Checkpoint.save(
                store,
                new Checkpoint.Content(
                        step,
                        pairs,
                        offsets,
                        model,
                        optimizer,
                        updates,
                        replay.content(),
                        settings.provenance(),
                        provenance()));
    }

    public long step() {
        return step;
    }

    /** Pairs seen, those of steps that were not taken included. */
    public long pairs() {
        return pairs;
    }

    /** Pairs that are kept to be learnt from again. */
    public int pastPairs() {
        return replay.size();
    }

    /** Next record of each partition. */
    public Offsets offsets() {
        return offsets;
    }

    /** Shape of N images A. */
    public Shape inputs(int batch) {
        return networks.inputs(batch);
    }

    /** Shape of N images B. */
    public Shape outputs(int batch) {
        return networks.outputs(batch);
    }

    /** Whether there is an encoder that has learnt, or is about to: not if an imported checkpoint came without. */
    public boolean hasEncoder() {
        return settings.model().encodes() && !untrained.contains(Member.ENCODER);
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

    private void sayWhatBeginsAnew() {
        if (!untrained.isEmpty()) {
            LOG.warn(
                    "the checkpoint had no {}: training begins with fresh weights there",
                    untrained.stream().map(Member::key).collect(Collectors.joining(", ")));
            untrained.clear();
        }
    }

    private void sayWhatIsReplayed(Checkpoint checkpoint) {
        int kept = replay.size();
        if (kept > 0) {
            LOG.info("{} past pairs to learn from again", kept);
        } else if (checkpoint.keptPairs() > 0) {
            LOG.warn(
                    "train.replay.capacity is 0: the {} past pairs of checkpoint {} are dropped",
                    checkpoint.keptPairs(),
                    checkpoint.name());
        }
    }

    /** @param toLearn whether the optimizers' state and past pairs are wanted, too */
    private void restore(Checkpoint checkpoint, boolean toLearn) {
        Map<String, Variables> known = new TreeMap<>(trained());
        known.keySet().retainAll(checkpoint.networks());
        checkpoint.readWeights(known);
        if (toLearn) {
            checkpoint.readOptimizer(known);
            replay.restore(checkpoint);
            sayWhatIsReplayed(checkpoint);
        }
        if (!known.containsKey(Member.GENERATOR.key())) {
            throw new CheckpointException("checkpoint " + checkpoint.folder() + " has no generator");
        }
        untrained.addAll(networks.members());
        untrained.removeIf(member -> known.containsKey(member.key()));
        if (checkpoint.networks().contains(Checkpoint.AVERAGE)) {
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
        return average.map(variables -> Map.of(Checkpoint.AVERAGE, variables)).orElse(Map.of());
    }

    private Map<String, String> provenance() {
        Map<String, String> provenance = new TreeMap<>(Provenance.ofThisProgram());
        provenance.put("device", engine.device());
        return provenance;
    }
}
