package dev.tandem.app.demo;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.clients.produce.PairProducer;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.model.train.StepLosses;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;

/** Shows the training of a demo, replaces pairs that are not trained on, and detects the last step. */
final class DemoProgress implements PipelineListener {
    /** Number of pairs without a step that is always tolerated, however few steps there are. */
    private static final long MIN_TOLERATED = 100;

    private static final int HELD_OUT_PER_PAIR = 3;

    private final ProgressBar bar;
    private final PairProducer producer;
    private final long steps;
    private final long tolerated;
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicLong heldOut = new AtomicLong();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** @param pairs number of pairs that the steps need */
    DemoProgress(ProgressBar bar, PairProducer producer, long steps, long pairs) {
        this.bar = bar;
        this.producer = producer;
        this.steps = steps;
        this.tolerated = Math.max(MIN_TOLERATED, pairs);
    }

    /** Completes with the last step, and completes exceptionally if most images are invalid. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    @Override
    public void onTrained(Trained step) {
        StepLosses losses = step.report().losses();
        bar.stepTo(step.pairs());
        bar.setExtraMessage(String.format(
                " L1 %.2f KL %.1f z %.2f G %.2f D %.2f",
                losses.l1(),
                Math.max(losses.kl(), 0),
                losses.latent(),
                losses.gan() + losses.ganLr(),
                losses.dVae() + losses.dLr()));
        if (step.step() >= steps) {
            finished.complete(null);
        }
    }

    @Override
    public void onPairHeldOut() {
        // A share of one half holds out about as many pairs as it trains on.
        if (heldOut.incrementAndGet() > HELD_OUT_PER_PAIR * tolerated) {
            finished.completeExceptionally(
                    new UserError("most pairs are held out; set train.validation.share=0, or use data with more As"));
        }
        producer.send(1);
    }

    @Override
    public void onDeadLetter(DeadLetter deadLetter) {
        // A batch that is not finite is no fault of the images.
        if (deadLetters.incrementAndGet() > tolerated && deadLetter.reason() != Reason.NOT_FINITE) {
            finished.completeExceptionally(new UserError(
                    "most images are invalid (" + deadLetter.reason() + "); set --dataset to a folder of A|B images"));
        }
        producer.send(1);
    }
}
