package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Who is told what the streams do; called from the streams' threads.
 *
 * @param trained after every step
 * @param diverged after every step that was not taken because something was not finite
 * @param translated number of translations that reached Kafka
 * @param deadLetter why a record was sent to the dead letters
 */
public record StreamEvents(
        Consumer<Trained> trained,
        Consumer<Diverged> diverged,
        IntConsumer translated,
        Consumer<UnusableRecord.Reason> deadLetter) {

    /** Tells these first, then the others. */
    public StreamEvents andThen(StreamEvents others) {
        return new StreamEvents(
                trained.andThen(others.trained),
                diverged.andThen(others.diverged),
                count -> {
                    translated.accept(count);
                    others.translated.accept(count);
                },
                deadLetter.andThen(others.deadLetter));
    }

    public static StreamEvents ignored() {
        return new StreamEvents(step -> {}, batch -> {}, count -> {}, reason -> {});
    }
}
