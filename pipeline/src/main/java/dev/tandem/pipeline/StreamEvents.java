package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Who is told what the streams do; called from the streams' threads.
 *
 * @param trained after every step
 * @param translated number of translations that reached Kafka
 * @param deadLetter why a record was sent to the dead letters
 */
public record StreamEvents(
        Consumer<Trained> trained, IntConsumer translated, Consumer<UnusableRecord.Reason> deadLetter) {

    public static StreamEvents ignored() {
        return new StreamEvents(step -> {}, count -> {}, reason -> {});
    }
}
