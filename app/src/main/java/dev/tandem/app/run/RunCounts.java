package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Counts translations and dead letters since the start of the process, and remembers the last training step. */
public final class RunCounts implements PipelineListener {
    private final AtomicLong translations = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicReference<Optional<Trained>> lastStep = new AtomicReference<>(Optional.empty());

    @Override
    public void onTrained(Trained step) {
        lastStep.set(Optional.of(step));
    }

    @Override
    public void onTranslated(int count) {
        translations.addAndGet(count);
    }

    @Override
    public void onDeadLetter(DeadLetter deadLetter) {
        deadLetters.incrementAndGet();
    }

    public long translations() {
        return translations.get();
    }

    public long deadLetters() {
        return deadLetters.get();
    }

    public Optional<Trained> lastStep() {
        return lastStep.get();
    }
}
