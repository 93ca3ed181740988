package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What a run has done since it started. */
public final class RunCounts implements PipelineListener {
    private final AtomicLong translations = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicReference<Optional<Trained>> last = new AtomicReference<>(Optional.empty());

    @Override
    public void onTrained(Trained step) {
        last.set(Optional.of(step));
    }

    @Override
    public void onTranslated(int count) {
        translations.addAndGet(count);
    }

    @Override
    public void onDeadLetter(DeadLetter letter) {
        deadLetters.incrementAndGet();
    }

    public long translations() {
        return translations.get();
    }

    public long deadLetters() {
        return deadLetters.get();
    }

    /** The newest step. */
    public Optional<Trained> last() {
        return last.get();
    }
}
