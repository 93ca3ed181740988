package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.StreamEvents;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What a run has done since it started. */
public final class RunCounts {
    private final AtomicLong translations = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicReference<Optional<Trained>> last = new AtomicReference<>(Optional.empty());

    /**
     * @param trained is told of every step as well
     * @param deadLetter is told of every dead letter as well
     */
    public StreamEvents events(Consumer<Trained> trained, Consumer<UnusableRecord.Reason> deadLetter) {
        return new StreamEvents(
                step -> {
                    last.set(Optional.of(step));
                    trained.accept(step);
                },
                translations::addAndGet,
                reason -> {
                    deadLetters.incrementAndGet();
                    deadLetter.accept(reason);
                });
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
