package dev.tandem.model.health;

import dev.tandem.config.HealthSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.validation.Score;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Derives the active alarms from the training steps and probes of one run. */
public final class HealthMonitor {
    /** An alarm ends when its value exceeds the limit by this factor, so that it does not flicker near the limit. */
    private static final double RECOVERY_FACTOR = 2;
    /** Adam changes a weight by about the learning rate, and float32 weights near 0.02 cannot change by less than this. */
    private static final double ZERO_LEARNING_RATE = 1e-9;

    private final HealthSettings settings;
    /**
     * Loss of a discriminator that guesses: 1/4 (lsgan) or log 2 (vanilla), for real and for fake, at every scale. The loss of
     * wgangp has no such value, so no alarm can compare with it.
     */
    private final double guessingLoss;

    private final Set<Alarm> alarms = EnumSet.noneOf(Alarm.class);
    private long steps;
    private int consecutiveNotFinite;
    private double averageVaeLoss;
    private double averageLrLoss;
    private OptionalDouble diversity = OptionalDouble.empty();
    private Optional<Score> score = Optional.empty();

    public HealthMonitor(Settings settings) {
        this.settings = settings.health();
        double perMap = switch (settings.train().ganMode()) {
            case LSGAN -> 0.25;
            case VANILLA -> Math.log(2);
            case WGANGP -> Double.NEGATIVE_INFINITY;
        };
        this.guessingLoss = 2 * perMap * settings.model().discriminator().scales();
    }

    /** Whether the diversity must be probed after this step. */
    public boolean isProbeDue(long step) {
        return settings.probeEvery() > 0 && step % settings.probeEvery() == 0;
    }

    /** Records the diversity of a probe. */
    public void recordDiversity(double probedDiversity) {
        diversity = OptionalDouble.of(probedDiversity);
    }

    /** Records the score of a validation. */
    public void recordScore(Score validated) {
        score = Optional.of(validated);
    }

    /**
     * Records a step that was taken, and returns the health after it.
     *
     * @param learningRate learning rate of the step
     */
    public Health recordStep(StepLosses losses, double learningRate) {
        consecutiveNotFinite = 0;
        alarms.remove(Alarm.NOT_FINITE);
        alarms.remove(Alarm.LEARNING_RATE_ZERO);
        if (learningRate < ZERO_LEARNING_RATE) {
            alarms.add(Alarm.LEARNING_RATE_ZERO);
        }
        steps++;
        averageVaeLoss = averaged(averageVaeLoss, losses.dVae());
        averageLrLoss = averaged(averageLrLoss, losses.dLr());
        if (steps >= settings.settleSteps()) {
            diversity.ifPresent(value -> update(Alarm.DIVERSITY_COLLAPSED, value, settings.collapseBelow()));
            update(Alarm.D_VAE_WINS, averageVaeLoss, settings.winBelow() * guessingLoss);
            update(Alarm.D_LR_WINS, averageLrLoss, settings.winBelow() * guessingLoss);
        }
        return new Health(diversity, score, alarms);
    }

    /** Records a step that was not taken because a loss or a gradient was not finite. */
    public Health recordNotFinite() {
        consecutiveNotFinite++;
        alarms.add(Alarm.NOT_FINITE);
        return new Health(diversity, score, alarms);
    }

    /** Whether so many batches in a row were not finite that the cause must be the weights and not the batches. */
    public boolean shouldGiveUp() {
        return consecutiveNotFinite >= settings.giveUpAfter();
    }

    /** The mean of all values until {@code health.settle-steps}, then an exponential moving average. */
    private double averaged(double average, double value) {
        double weight = 1.0 / Math.min(steps, settings.settleSteps());
        return average + weight * (value - average);
    }

    /** A loss of exactly 0 raises no alarm: the discriminator is not in use. */
    private void update(Alarm alarm, double value, double limit) {
        if (value < limit && (value > 0 || alarm == Alarm.DIVERSITY_COLLAPSED)) {
            alarms.add(alarm);
        } else if (value > RECOVERY_FACTOR * limit) {
            alarms.remove(alarm);
        }
    }
}
