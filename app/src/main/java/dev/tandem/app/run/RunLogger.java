package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.config.HealthSettings;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepLosses;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the progress of a run, its alarms and its dead letters. The number of lines stays small at any speed. */
public final class RunLogger implements PipelineListener {
    private static final Logger LOG = LoggerFactory.getLogger(RunLogger.class);
    private static final long INTERVAL_NANOS = 30_000_000_000L;

    private final HealthSettings settings;
    private final AtomicLong lastLineNanos = new AtomicLong(System.nanoTime() - INTERVAL_NANOS);
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.UNKNOWN);

    public RunLogger(HealthSettings settings) {
        this.settings = settings;
    }

    /** A listener that logs only alarms, for commands that show their progress themselves. */
    public PipelineListener alarms() {
        return new PipelineListener() {
            @Override
            public void onTrained(Trained step) {
                logAlarms(step.health());
            }

            @Override
            public void onDiverged(Diverged diverged) {
                RunLogger.this.onDiverged(diverged);
            }
        };
    }

    /** Logs the first step, then one step per interval. */
    @Override
    public void onTrained(Trained step) {
        logAlarms(step.health());
        long now = System.nanoTime();
        long last = lastLineNanos.get();
        if (now - last >= INTERVAL_NANOS && lastLineNanos.compareAndSet(last, now)) {
            StepLosses losses = step.report().losses();
            LOG.info(text(
                    "step %d, %d pairs: L1 %.3f, KL %.2f, latent %.2f, G %.2f and %.2f, D %.2f and %.2f%s%s",
                    step.step(),
                    step.pairs(),
                    losses.l1(),
                    Math.max(losses.kl(), 0),
                    losses.latent(),
                    losses.gan(),
                    losses.ganLr(),
                    losses.dVae(),
                    losses.dLr(),
                    diversity(step.health()),
                    heldOut(step.health())));
        }
    }

    @Override
    public void onDiverged(Diverged diverged) {
        logAlarms(diverged.health());
        LOG.warn("skipped a training step: {}; its batch goes to the dead letters", diverged.reason());
    }

    /** Logs the first dead letter, then the second, fourth, eighth, and so on. */
    @Override
    public void onDeadLetter(DeadLetter deadLetter) {
        long count = deadLetters.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn(
                    "{} so far, the newest with reason {}; see docs/how-to/handle-dead-letters.md",
                    count == 1 ? "1 dead letter" : count + " dead letters",
                    deadLetter.reason());
        }
    }

    private static String diversity(Health health) {
        return health.diversity().isPresent()
                ? text(", diversity %.3f", health.diversity().getAsDouble())
                : "";
    }

    private static String heldOut(Health health) {
        return health.score()
                .map(score -> text(", held-out L1 %.4f at step %d", score.nearestL1(), score.step()))
                .orElse("");
    }

    private void logAlarms(Health now) {
        Health before = health.getAndSet(now);
        now.raisedSince(before)
                .forEach(
                        alarm -> LOG.warn("alarm: {} ({}); see docs/how-to/train-well.md", message(alarm, now), alarm));
        before.raisedSince(now).forEach(alarm -> LOG.info("alarm cleared: {}", alarm));
    }

    private String message(Alarm alarm, Health now) {
        return switch (alarm) {
            case DIVERSITY_COLLAPSED ->
                text(
                        "translations of one image differ by only %.4f (health.collapse-below is %s)",
                        now.diversity().orElse(0), settings.collapseBelow());
            case D_VAE_WINS -> "D_VAE detects every fake (health.win-below is " + settings.winBelow() + ")";
            case D_LR_WINS -> "D_LR detects every fake (health.win-below is " + settings.winBelow() + ")";
            case NOT_FINITE -> "a loss or a gradient was not finite";
            case LEARNING_RATE_ZERO -> "the learning rate is 0, so the model no longer learns (train.schedule)";
        };
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
