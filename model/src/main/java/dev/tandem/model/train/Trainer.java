package dev.tandem.model.train;

import dev.tandem.config.Settings;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.ReplayBuffer.Batch;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes training steps with batches of any size, compiled once per size, and updates the averaged generator. */
public final class Trainer {
    /**
     * The decay of the average grows as {@code (1 + step) / (warmUp + step)} up to {@code train.ema-decay}, because the
     * initial weights are only noise.
     */
    private static final double AVERAGE_WARM_UP = 10;

    private final Engine engine;
    private final Networks networks;
    private final Weights weights;
    private final Settings settings;
    private final Optional<Variables> average;
    private final Map<Integer, TrainStep> steps = new HashMap<>();
    private Optional<Batch> announced = Optional.empty();

    /** @param average weights of the averaged generator; empty if there is none */
    public Trainer(Engine engine, Networks networks, Weights weights, Settings settings, Optional<Variables> average) {
        this.engine = engine;
        this.networks = networks;
        this.weights = weights;
        this.settings = settings;
        this.average = average;
    }

    /**
     * Takes one training step.
     *
     * @param a (N, C, H, W)
     * @param b (N, C', H, W)
     * @param step number of steps taken before, which determines the random inputs
     * @param pairs number of pairs seen before, which determines the learning rate
     * @throws NonFiniteException if a loss or a gradient is not finite; no weight has changed then
     */
    public StepReport take(Tensor a, Tensor b, long step, long pairs) {
        double learningRate =
                settings.train().learningRate() * settings.train().schedule().factor(pairs);
        TrainStep phases = steps.computeIfAbsent(
                a.shape().batch(), batch -> new TrainStep(engine, networks, weights, settings, batch));
        announced
                .filter(next -> next.a().shape().equals(a.shape()))
                .ifPresent(next -> phases.announce(next.a(), next.b()));
        announced = Optional.empty();
        StepReport report =
                phases.take(a, b, new SeededRandomInputs(settings.train().seed(), step), learningRate);
        average.ifPresent(variables -> engine.average(variables, weights.of(Member.GENERATOR), decayAt(step)));
        return report;
    }

    /**
     * Announces the pairs of the step after the next one, so that they are copied to the device during the next step.
     *
     * @param a the same object as in that step
     * @param b the same object as in that step
     */
    public void announce(Tensor a, Tensor b) {
        announced = Optional.of(new Batch(a, b));
    }

    private double decayAt(long step) {
        return Math.min(settings.train().emaDecay(), (1.0 + step) / (AVERAGE_WARM_UP + step));
    }
}
