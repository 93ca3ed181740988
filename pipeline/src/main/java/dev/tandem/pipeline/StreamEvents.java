package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.broker.BrokerState;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Who is told what the streams do; called from the streams' threads. */
public interface StreamEvents {

    /** Nobody. */
    StreamEvents IGNORED = new StreamEvents() {};

    /** After every step. */
    default void trained(Trained step) {}

    /** After every step that was not taken because something was not finite. */
    default void diverged(Diverged batch) {}

    /** When translations have been committed. */
    default void translated(int count) {}

    /** When a record was sent to the dead letters. */
    default void deadLetter(UnusableRecord.Reason reason) {}

    /** After every look at the broker. */
    default void broker(BrokerState state) {}

    /** When translating begins to wait for Kafka, with the reason, and when it is over. */
    default void translationTrouble(Optional<String> trouble) {}

    /** When partitions of a topic were shared out anew. */
    default void rebalanced(String topic) {}

    /** Tells all of them, in their order. */
    static StreamEvents all(StreamEvents... listeners) {
        List<StreamEvents> all = List.of(listeners);
        return new StreamEvents() {
            @Override
            public void trained(Trained step) {
                tell(listener -> listener.trained(step));
            }

            @Override
            public void diverged(Diverged batch) {
                tell(listener -> listener.diverged(batch));
            }

            @Override
            public void translated(int count) {
                tell(listener -> listener.translated(count));
            }

            @Override
            public void deadLetter(UnusableRecord.Reason reason) {
                tell(listener -> listener.deadLetter(reason));
            }

            @Override
            public void broker(BrokerState state) {
                tell(listener -> listener.broker(state));
            }

            @Override
            public void translationTrouble(Optional<String> trouble) {
                tell(listener -> listener.translationTrouble(trouble));
            }

            @Override
            public void rebalanced(String topic) {
                tell(listener -> listener.rebalanced(topic));
            }

            private void tell(Consumer<StreamEvents> what) {
                all.forEach(what);
            }
        };
    }
}
