package dev.tandem.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.Utilization;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.validation.Score;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics(new Utilization());

    @Test
    void text_beforeAnyEvent_hasCountersAtZero() {
        assertThat(metrics.text())
                .contains("tandem_training_alarms_total{alarm=\"diversity_collapsed\"} 0.0")
                .contains("tandem_training_pairs_held_out_total 0.0")
                .contains("tandem_dead_letters_total{reason=\"not_finite\"} 0.0")
                .contains("tandem_training_steps_not_taken_total 0.0");
    }

    @Test
    void text_modelThatHasNotWorked_isIdle() {
        assertThat(metrics.text()).contains("\ntandem_model_idle 1.0\n");
    }

    @Test
    void text_modelWithMemory_hasUsedReservedAndLimit() {
        metrics.watchMemory(() -> new DeviceMemory(3 << 20, 4 << 20, OptionalLong.of(8 << 20)));

        assertThat(metrics.text())
                .contains("\ntandem_device_memory_used_bytes 3145728.0\n")
                .contains("\ntandem_device_memory_reserved_bytes 4194304.0\n")
                .contains("\ntandem_device_memory_limit_bytes 8388608.0\n")
                .contains("\ntandem_model_off_heap_bytes 3145728.0\n");
    }

    @Test
    void text_noModel_hasNoMemoryAndNoLimit() {
        assertThat(metrics.text())
                .contains("\ntandem_device_memory_used_bytes 0.0\n")
                .contains("\ntandem_device_memory_limit_bytes NaN\n");
    }

    @Test
    void onTrained_alarmInTwoSteps_isRaisedOnce() {
        metrics.onTrained(step(1, 0.25, Set.of(Alarm.DIVERSITY_COLLAPSED)));
        metrics.onTrained(step(2, 0.5, Set.of(Alarm.DIVERSITY_COLLAPSED)));

        assertThat(metrics.text())
                .contains("tandem_training_alarm{alarm=\"diversity_collapsed\"} 1.0")
                .contains("tandem_training_alarm{alarm=\"d_vae_wins\"} 0.0")
                .contains("tandem_training_alarms_total{alarm=\"diversity_collapsed\"} 1.0")
                .contains("tandem_training_steps_total 2.0")
                .contains("tandem_training_past_pairs 100.0")
                .contains("tandem_training_loss{term=\"l1\"} 0.5")
                .contains("tandem_training_kl{dimension=\"1\"} 0.75")
                .contains("tandem_training_gradient_norm{network=\"generator\"} 3.0")
                .contains("tandem_training_diversity 0.125")
                .contains("tandem_validation_nearest_l1 0.0625")
                .contains("tandem_validation_diversity 0.25")
                .contains("tandem_validation_step 100.0");
    }

    @Test
    void onDiverged_batch_countsSkippedStepAndRaisesAlarmUntilNextStep() {
        metrics.onDiverged(new Diverged("a loss is not finite", health(Set.of(Alarm.NOT_FINITE))));
        metrics.onDeadLetter(new DeadLetter(Reason.NOT_FINITE, "pairs-0-1", "a loss is not finite"));

        assertThat(metrics.text())
                .contains("tandem_training_alarm{alarm=\"not_finite\"} 1.0")
                .contains("tandem_training_steps_not_taken_total 1.0")
                .contains("tandem_dead_letters_total{reason=\"not_finite\"} 1.0");

        metrics.onTrained(step(1, 0.5, Set.of()));

        assertThat(metrics.text()).contains("tandem_training_alarm{alarm=\"not_finite\"} 0.0");
    }

    static Trained step(long number) {
        return step(number, 1, Set.of());
    }

    private static Trained step(long number, double l1, Set<Alarm> alarms) {
        StepReport report = new StepReport(
                new StepLosses(0, 0, l1, 1, 0, 0, 0), List.of(0.25, 0.75), Map.of(Member.GENERATOR, 3.0), 2e-4);
        return new Trained(number, 8 * number, 100, report, health(alarms), Duration.ofMillis(100), Optional.empty());
    }

    private static Health health(Set<Alarm> alarms) {
        return new Health(OptionalDouble.of(0.125), Optional.of(new Score(100, 0.0625, 0.25, "4xabc")), alarms);
    }
}
