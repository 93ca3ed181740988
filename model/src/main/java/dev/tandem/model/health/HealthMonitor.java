package dev.tandem.model.health;

import dev.tandem.config.HealthSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.model.train.StepLosses;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;

/** Watches the steps of one run and says which alarms are on. */
public final class HealthMonitor {
    /** An alarm goes off again only when its figure is this many times what raised it, so that it does not flicker. */
    private static final double CLEARLY = 2;

    private final HealthSettings settings;
    /** What a discriminator that cannot tell pays: 1/4 for each of real and made, or log 2, at every scale. */
    private final double guessing;

    private final Set<Alarm> alarms = EnumSet.noneOf(Alarm.class);
    private long steps;
    private int notFiniteInARow;
    private double averageVae;
    private double averageLr;
    private OptionalDouble diversity = OptionalDouble.empty();

    public HealthMonitor(Settings settings) {
        this.settings = settings.health();
        double perMap = settings.train().ganMode() == GanMode.LSGAN ? 0.25 : Math.log(2);
        this.guessing = 2 * perMap * settings.model().discriminator().scales();
    }

    /** Whether translations are to be probed after this step. */
    public boolean isProbeDue(long step) {
        return settings.probeEvery() > 0 && step % settings.probeEvery() == 0;
    }

    /** A probe's result. */
    public void probed(double newDiversity) {
        diversity = OptionalDouble.of(newDiversity);
    }

    /** A step was taken. */
    public Health taken(StepLosses losses) {
        notFiniteInARow = 0;
        alarms.remove(Alarm.NOT_FINITE);
        steps++;
        averageVae = averaged(averageVae, losses.dVae());
        averageLr = averaged(averageLr, losses.dLr());
        if (steps >= settings.settleSteps()) {
            diversity.ifPresent(value -> update(Alarm.DIVERSITY_COLLAPSED, value, settings.collapseBelow()));
            update(Alarm.D_VAE_WINS, averageVae, settings.winBelow() * guessing);
            update(Alarm.D_LR_WINS, averageLr, settings.winBelow() * guessing);
        }
        return new Health(diversity, alarms);
    }

    /** A step was not taken, because something was not finite. */
    public Health notFinite() {
        notFiniteInARow++;
        alarms.add(Alarm.NOT_FINITE);
        return new Health(diversity, alarms);
    }

    /** Whether so many batches were not finite that the weights, not the batches, must be at fault. */
    public boolean isHopeless() {
        return notFiniteInARow >= settings.giveUpAfter();
    }

    /** A plain mean at first, then one that forgets. */
    private double averaged(double average, double value) {
        double share = 1.0 / Math.min(steps, settings.settleSteps());
        return average + share * (value - average);
    }

    /** A loss that is exactly 0 belongs to a discriminator that is not in use. */
    private void update(Alarm alarm, double value, double limit) {
        if (value < limit && (value > 0 || alarm == Alarm.DIVERSITY_COLLAPSED)) {
            alarms.add(alarm);
        } else if (value > CLEARLY * limit) {
            alarms.remove(alarm);
        }
    }
}
