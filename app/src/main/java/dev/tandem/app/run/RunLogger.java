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

/** What a run says of itself: a line now and then, however fast it is and however much is wrong. */
public final class RunLogger implements PipelineListener {
    private static final Logger LOG = LoggerFactory.getLogger(RunLogger.class);
    private static final long EVERY_NANOS = 30_000_000_000L;

    private final HealthSettings settings;
    private final AtomicLong lastSaid = new AtomicLong(System.nanoTime() - EVERY_NANOS);
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.UNKNOWN);

    public RunLogger(HealthSettings settings) {
        this.settings = settings;
    }

    /** The alarms alone, for who shows progress in another way. */
    public PipelineListener alarms() {
        return new PipelineListener() {
            @Override
            public void onTrained(Trained step) {
                update(step.health());
            }

            @Override
            public void onDiverged(Diverged diverged) {
                RunLogger.this.onDiverged(diverged);
            }
        };
    }

    /** The first step, then one every half minute, and alarms when they are raised. */
    @Override
    public void onTrained(Trained step) {
        update(step.health());
        long now = System.nanoTime();
        long last = lastSaid.get();
        if (now - last >= EVERY_NANOS && lastSaid.compareAndSet(last, now)) {
            StepLosses losses = step.report().losses();
            LOG.info(text(
                    "step %d, %d pairs: L1 %.3f, KL %.2f, latent %.2f, G %.2f and %.2f, D %.2f and %.2f%s",
                    step.step(),
                    step.pairs(),
                    losses.l1(),
                    losses.kl(),
                    losses.latent(),
                    losses.gan(),
                    losses.ganLr(),
                    losses.dVae(),
                    losses.dLr(),
                    step.health().diversity().isPresent()
                            ? text(", diversity %.3f", step.health().diversity().getAsDouble())
                            : ""));
        }
    }

    @Override
    public void onDiverged(Diverged diverged) {
        update(diverged.health());
        LOG.warn("a step was not taken: {}; its batch goes to the dead letters", diverged.reason());
    }

    private void update(Health now) {
        Health before = health.getAndSet(now);
        now.raisedSince(before)
                .forEach(alarm -> LOG.warn("alarm: {}; see docs/how-to/train-well.md", message(alarm, now)));
        before.raisedSince(now).forEach(alarm -> LOG.info("the alarm {} is over", alarm));
    }

    private String message(Alarm alarm, Health now) {
        return switch (alarm) {
            case DIVERSITY_COLLAPSED ->
                text(
                        "translations of one picture differ by %.4f only (health.collapse-below is %s)",
                        now.diversity().orElse(0), settings.collapseBelow());
            case D_VAE_WINS ->
                "D_VAE tells real from made without fail (health.win-below is " + settings.winBelow() + ")";
            case D_LR_WINS ->
                "D_LR tells real from made without fail (health.win-below is " + settings.winBelow() + ")";
            case NOT_FINITE -> "a loss or a gradient was not finite";
        };
    }

    /** The first, second, fourth, eighth... */
    @Override
    public void onDeadLetter(DeadLetter letter) {
        long count = deadLetters.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn(
                    "{} so far, the newest for {}; tandem consume --topic dead-letters --headers shows them",
                    count == 1 ? "1 dead letter" : count + " dead letters",
                    letter.reason());
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
