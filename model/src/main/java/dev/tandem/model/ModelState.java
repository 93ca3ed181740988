package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Provenance;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.train.ReplayBuffer;
import dev.tandem.model.train.Weights;
import dev.tandem.model.validation.Score;
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
 * What a checkpoint saves of the live model and restores: weights with optimizer state, averaged generator, past pairs
 * and progress.
 */
final class ModelState {
    private static final Logger LOG = LoggerFactory.getLogger(ModelState.class);

    private final Engine engine;
    private final Settings settings;
    private final Networks networks;
    private final Weights weights;
    private final Optional<Variables> average;
    private final ReplayBuffer replay;
    /** Networks that the restored checkpoint lacks. They keep their initial weights; empty once training begins. */
    private final Set<Member> missing = EnumSet.noneOf(Member.class);

    private long step;
    private long pairs;
    private Offsets offsets = Offsets.NONE;
    private Optional<Path> origin = Optional.empty();
    private Optional<Score> score = Optional.empty();

    /** Allocates and initialises all weights, random by {@code train.seed}. */
    ModelState(Engine engine, Settings settings, Networks networks) {
        this.engine = engine;
        this.settings = settings;
        this.networks = networks;
        this.weights = Weights.initialised(engine, networks, settings.train().seed());
        this.average = settings.train().emaDecay() > 0
                ? Optional.of(engine.allocateConstant(generator().specs()))
                : Optional.empty();
        average.ifPresent(variables -> engine.copy(generator(), variables));
        this.replay = new ReplayBuffer(settings);
    }

    Weights weights() {
        return weights;
    }

    /** The averaged generator; empty if {@code train.ema-decay} is 0. */
    Optional<Variables> average() {
        return average;
    }

    /** The generator that translates: the averaged one if there is one. */
    Variables samplingGenerator() {
        return average.orElse(generator());
    }

    ReplayBuffer replay() {
        return replay;
    }

    /** Training steps taken. */
    long step() {
        return step;
    }

    /** Pairs seen, including skipped ones. */
    long pairs() {
        return pairs;
    }

    /** Next offset of each partition. */
    Offsets offsets() {
        return offsets;
    }

    /** Sets the result of the last validation; a checkpoint of the same step contains it. */
    void setScore(Score validated) {
        score = Optional.of(validated);
    }

    /** Folder of the checkpoint that was restored last. */
    Optional<Path> origin() {
        return origin;
    }

    /** Whether the restored checkpoint lacks a network that has not been trained since. */
    boolean isMissing(Member member) {
        return missing.contains(member);
    }

    /** Starts to train networks that the checkpoint lacks, and logs which. */
    void beginTraining() {
        if (!missing.isEmpty()) {
            LOG.warn("the checkpoint has no {}; training starts with initial weights there", keys(missing));
            missing.clear();
        }
    }

    void countStep(int pairsInStep, Offsets next) {
        countPairs(pairsInStep, next);
        step++;
    }

    void countPairs(int count, Offsets next) {
        offsets = offsets.advancedTo(next);
        pairs += count;
    }

    /** Writes a checkpoint and returns its folder. */
    Path save(CheckpointStore store) {
        List<Entry> model = new ArrayList<>();
        List<Entry> optimizer = new ArrayList<>();
        Map<String, Long> updates = new TreeMap<>();
        trainedByKey().forEach((key, variables) -> {
            model.addAll(Checkpoint.weights(key, variables));
            optimizer.addAll(Checkpoint.moments(key, variables));
            updates.put(key, variables.updates());
        });
        averageByKey().forEach((key, variables) -> model.addAll(Checkpoint.weights(key, variables)));
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
                        score.filter(validated -> validated.step() == step),
                        settings.provenance(),
                        provenance()));
    }

    /** Restores weights, optimizer state, past pairs and progress. */
    void restore(Checkpoint checkpoint) {
        checkpoint.readOptimizer(restoreWeights(checkpoint));
        replay.restore(checkpoint);
        if (replay.size() > 0) {
            LOG.info("restored {} past pairs", replay.size());
        }
        new ResumeWarnings(settings, checkpoint).lines(replay.size()).forEach(LOG::warn);
        restoreProgress(checkpoint);
    }

    /** @return the networks that the checkpoint has, by key */
    private Map<String, Variables> restoreWeights(Checkpoint checkpoint) {
        Set<String> saved = checkpoint.networks();
        Map<String, Variables> restored = trainedByKey();
        restored.putAll(averageByKey());
        restored.keySet().retainAll(saved);
        // All weights in one call, which keeps the file open: the training process may remove the checkpoint meanwhile.
        checkpoint.readWeights(restored);
        if (!saved.contains(Checkpoint.AVERAGE)) {
            average.ifPresent(variables -> engine.copy(generator(), variables));
        }
        restored.remove(Checkpoint.AVERAGE);
        missing.clear();
        missing.addAll(networks.members());
        missing.removeIf(member -> saved.contains(member.key()));
        return restored;
    }

    private void restoreProgress(Checkpoint checkpoint) {
        step = checkpoint.step();
        pairs = checkpoint.pairs();
        offsets = checkpoint.offsets();
        origin = Optional.of(checkpoint.folder());
        score = checkpoint.score();
    }

    private Variables generator() {
        return weights.of(Member.GENERATOR);
    }

    private Map<String, Variables> trainedByKey() {
        Map<String, Variables> byKey = new TreeMap<>();
        weights.members().forEach((member, variables) -> byKey.put(member.key(), variables));
        return byKey;
    }

    private Map<String, Variables> averageByKey() {
        return average.map(variables -> Map.of(Checkpoint.AVERAGE, variables)).orElse(Map.of());
    }

    private Map<String, String> provenance() {
        Map<String, String> provenance = new TreeMap<>(Provenance.ofThisProgram());
        provenance.put("device", engine.device());
        return provenance;
    }

    private static String keys(Set<Member> members) {
        return members.stream().map(Member::key).collect(Collectors.joining(", "));
    }
}
