package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.broker.BrokerState;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.time.Duration;
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

    /** With that: how long a request took since it was read. */
    default void answered(Duration took) {}

    /** When a record was sent to the dead letters. */
    default void deadLetter(DeadLetter letter) {}

    /** When a pair is ready to be learnt from: (1, C, H, W) each, in [-1, 1]. */
    default void ready(TensorPair pair) {}

    /** When so many pairs that were ready have been dealt with, learnt from or not. */
    default void dealtWith(int pairs) {}

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
            public void answered(Duration took) {
                tell(listener -> listener.answered(took));
            }

            @Override
            public void deadLetter(DeadLetter letter) {
                tell(listener -> listener.deadLetter(letter));
            }

            @Override
            public void ready(TensorPair pair) {
                tell(listener -> listener.ready(pair));
            }

            @Override
            public void dealtWith(int pairs) {
                tell(listener -> listener.dealtWith(pairs));
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
