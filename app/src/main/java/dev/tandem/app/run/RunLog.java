package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.model.train.StepLosses;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run says of itself: a line now and then, however fast it is and however much is wrong. */
public final class RunLog {
    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);
    private static final long EVERY_NANOS = 30_000_000_000L;

    private final AtomicLong lastSaid = new AtomicLong(System.nanoTime() - EVERY_NANOS);
    private final AtomicLong deadLetters = new AtomicLong();

    /** The first step, and then one every half minute. */
    public void trained(Trained step) {
        long now = System.nanoTime();
        long last = lastSaid.get();
        if (now - last >= EVERY_NANOS && lastSaid.compareAndSet(last, now)) {
            StepLosses losses = step.losses();
            LOG.info(String.format(
                    "step %d, %d pairs: L1 %.3f, KL %.2f, latent %.2f, G %.2f and %.2f, D %.2f and %.2f",
                    step.step(),
                    step.pairs(),
                    losses.l1(),
                    losses.kl(),
                    losses.latent(),
                    losses.gan(),
                    losses.ganLr(),
                    losses.dVae(),
                    losses.dLr()));
        }
    }

    /** The first, second, fourth, eighth... */
    public void deadLetter(UnusableRecord.Reason reason) {
        long count = deadLetters.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn("{} dead letters so far; the newest is {}", count, reason);
        }
    }
}
