package dev.tandem.model.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.TestSettings;
import dev.tandem.model.train.StepLosses;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthMonitorTest {
    private static final double LEARNING_RATE = 2e-4;
    private static final StepLosses BALANCED = new StepLosses(0.5, 0.5, 0.3, 1, 0.5, 1, 1);
    private static final StepLosses D_VAE_WON = new StepLosses(2, 0.5, 0.3, 1, 0.5, 1e-3, 1);

    private final HealthMonitor monitor =
            new HealthMonitor(TestSettings.tiny("health.settle-steps=10", "health.give-up-after=3"));

    @Test
    void recordStep_balancedLosses_raisesNoAlarm() {
        assertThat(after(BALANCED, 50).alarms()).isEmpty();
    }

    @Test
    void recordStep_discriminatorWins_raisesAlarmUntilLossesAreBalanced() {
        after(BALANCED, 10);

        assertThat(after(D_VAE_WON, 1).alarms()).isEmpty();
        assertThat(after(D_VAE_WON, 40).alarms()).containsExactly(Alarm.D_VAE_WINS);
        assertThat(after(BALANCED, 10).alarms()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"lsgan, 1, 0.5", "lsgan, 3, 1.5", "vanilla, 2, 2.7726"})
    void recordStep_lossNearLimit_isComparedWithGuessingLoss(String mode, int scales, double guessingLoss) {
        String[] settings = {
            "train.gan-mode=" + mode,
            "model.discriminator.scales=" + scales,
            "model.image-size=64",
            "health.settle-steps=1",
            "health.win-below=0.1"
        };
        StepLosses below = new StepLosses(1, 1, 0.3, 1, 0.5, 0.099 * guessingLoss, 0.099 * guessingLoss);
        StepLosses above = new StepLosses(1, 1, 0.3, 1, 0.5, 0.101 * guessingLoss, 0.101 * guessingLoss);

        assertThat(new HealthMonitor(TestSettings.tiny(settings))
                        .recordStep(below, LEARNING_RATE)
                        .alarms())
                .containsExactlyInAnyOrder(Alarm.D_VAE_WINS, Alarm.D_LR_WINS);
        assertThat(new HealthMonitor(TestSettings.tiny(settings))
                        .recordStep(above, LEARNING_RATE)
                        .alarms())
                .isEmpty();
    }

    @Test
    void recordStep_wasserstein_neverComparesTheLossesOfDiscriminators() {
        HealthMonitor wasserstein =
                new HealthMonitor(TestSettings.tiny("train.gan-mode=wgangp", "health.settle-steps=1"));

        for (double loss : new double[] {-1e6, -1, 0, 1e-6, 1}) {
            StepLosses losses = new StepLosses(1, 1, 0.3, 1, 0.5, loss, loss);
            assertThat(wasserstein.recordStep(losses, LEARNING_RATE).alarms())
                    .as("loss %s", loss)
                    .isEmpty();
        }
    }

    @Test
    void recordStep_discriminatorNotInUse_raisesNoAlarm() {
        assertThat(after(new StepLosses(0.5, 0, 0.3, 0, 0, 1, 0), 50).alarms()).isEmpty();
    }

    @Test
    void recordDiversity_lowDiversity_raisesCollapseAlarm() {
        monitor.recordDiversity(0.001);
        assertThat(after(BALANCED, 9).alarms()).as("not yet settled").isEmpty();
        Health collapsed = after(BALANCED, 1);
        monitor.recordDiversity(0.2);
        Health recovered = after(BALANCED, 1);

        assertThat(collapsed.alarms()).containsExactly(Alarm.DIVERSITY_COLLAPSED);
        assertThat(collapsed.diversity()).hasValue(0.001);
        assertThat(recovered.alarms()).isEmpty();
        assertThat(collapsed.raisedSince(recovered)).isEqualTo(Set.of(Alarm.DIVERSITY_COLLAPSED));
        assertThat(recovered.raisedSince(collapsed)).isEmpty();
    }

    @Test
    void recordStep_learningRateZero_raisesAlarmAtOnceUntilItIsPositive() {
        assertThat(monitor.recordStep(BALANCED, 1e-8).alarms()).isEmpty();
        assertThat(monitor.recordStep(BALANCED, 0).alarms()).containsExactly(Alarm.LEARNING_RATE_ZERO);
        assertThat(monitor.recordStep(BALANCED, 1e-10).alarms()).containsExactly(Alarm.LEARNING_RATE_ZERO);
        assertThat(monitor.recordNotFinite().alarms())
                .containsExactlyInAnyOrder(Alarm.LEARNING_RATE_ZERO, Alarm.NOT_FINITE);
        assertThat(monitor.recordStep(BALANCED, LEARNING_RATE).alarms()).isEmpty();
    }

    @Test
    void shouldGiveUp_consecutiveNotFiniteSteps_isTrueAtTheLimit() {
        assertThat(monitor.recordNotFinite().alarms()).containsExactly(Alarm.NOT_FINITE);
        monitor.recordNotFinite();
        assertThat(after(BALANCED, 1).alarms()).isEmpty();
        monitor.recordNotFinite();
        monitor.recordNotFinite();
        assertThat(monitor.shouldGiveUp()).isFalse();
        monitor.recordNotFinite();
        assertThat(monitor.shouldGiveUp()).isTrue();
    }

    private Health after(StepLosses losses, int steps) {
        Health health = Health.UNKNOWN;
        for (int i = 0; i < steps; i++) {
            health = monitor.recordStep(losses, LEARNING_RATE);
        }
        return health;
    }
}
