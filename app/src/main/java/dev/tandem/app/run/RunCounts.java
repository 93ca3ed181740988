package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.StreamEvents;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What a run has done since it started. */
public final class RunCounts {
    private final AtomicLong translations = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicReference<Optional<Trained>> last = new AtomicReference<>(Optional.empty());

    /** What keeps the counts. */
    public StreamEvents events() {
        return new StreamEvents(
                step -> last.set(Optional.of(step)),
                batch -> {},
                translations::addAndGet,
                reason -> deadLetters.incrementAndGet());
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
