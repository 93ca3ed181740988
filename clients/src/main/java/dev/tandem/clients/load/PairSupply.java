package dev.tandem.clients.load;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.clients.produce.PairProducer;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.PipelineListener;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Keeps a number of batches in the topic of pairs while a run trains on them, and counts the steps. */
public final class PairSupply implements PipelineListener {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final PairProducer producer;
    private final int pairsPerStep;
    private final Semaphore steps = new Semaphore(0);
    private volatile boolean ended;

    public PairSupply(PairProducer producer, int pairsPerStep) {
        this.producer = producer;
        this.pairsPerStep = pairsPerStep;
    }

    /** @param batches batches in the topic that no step has used yet */
    public void start(int batches) {
        producer.send((long) batches * pairsPerStep);
    }

    @Override
    public void onTrained(Trained step) {
        steps.release();
        producer.send(pairsPerStep);
    }

    @Override
    public void onPairHeldOut() {
        producer.send(1);
    }

    /** Ends the waiting, because the run has ended. */
    public void end() {
        ended = true;
        steps.release();
    }

    /**
     * Waits until {@code count} more steps were taken.
     *
     * @throws UserError if the run ends before, or a step takes longer than ten minutes
     */
    public void awaitSteps(int count) {
        try {
            for (int i = 0; i < count; i++) {
                if (!steps.tryAcquire(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new UserError("no training step finished within " + TIMEOUT.toMinutes()
                            + " minutes; see the log above for the cause");
                }
                if (ended) {
                    throw new UserError("the run ended during the measurement; see the log above for the cause");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("the measurement was interrupted", e);
        }
    }
}
