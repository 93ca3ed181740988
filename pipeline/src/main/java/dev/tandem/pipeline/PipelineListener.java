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
public interface PipelineListener {

    /** Nobody. */
    PipelineListener NONE = new PipelineListener() {};

    /** After every step. */
    default void onTrained(Trained step) {}

    /** After every step that was not taken because something was not finite. */
    default void onDiverged(Diverged batch) {}

    /** When translations have been committed. */
    default void onTranslated(int count) {}

    /** With that: how long a request took since it was read. */
    default void onRequestCompleted(Duration took) {}

    /** When a record was sent to the dead letters. */
    default void onDeadLetter(DeadLetter letter) {}

    /** When a pair is ready to be learnt from: (1, C, H, W) each, in [-1, 1]. */
    default void onPairDecoded(TensorPair pair) {}

    /** When so many pairs that were ready have been dealt with, learnt from or not. */
    default void onPairsProcessed(int pairs) {}

    /** After every look at the broker. */
    default void onBrokerState(BrokerState state) {}

    /** When translating begins to wait for Kafka, with the reason, and when it is over. */
    default void onTranslationInterrupted(Optional<String> trouble) {}

    /** When partitions of a topic were shared out anew. */
    default void onRebalance(String topic) {}

    /** Tells all of them, in their order. */
    static PipelineListener of(PipelineListener... listeners) {
        List<PipelineListener> all = List.of(listeners);
        return new PipelineListener() {
            @Override
            public void onTrained(Trained step) {
                tell(listener -> listener.onTrained(step));
            }

            @Override
            public void onDiverged(Diverged batch) {
                tell(listener -> listener.onDiverged(batch));
            }

            @Override
            public void onTranslated(int count) {
                tell(listener -> listener.onTranslated(count));
            }

            @Override
            public void onRequestCompleted(Duration took) {
                tell(listener -> listener.onRequestCompleted(took));
            }

            @Override
            public void onDeadLetter(DeadLetter letter) {
                tell(listener -> listener.onDeadLetter(letter));
            }

            @Override
            public void onPairDecoded(TensorPair pair) {
                tell(listener -> listener.onPairDecoded(pair));
            }

            @Override
            public void onPairsProcessed(int pairs) {
                tell(listener -> listener.onPairsProcessed(pairs));
            }

            @Override
            public void onBrokerState(BrokerState state) {
                tell(listener -> listener.onBrokerState(state));
            }

            @Override
            public void onTranslationInterrupted(Optional<String> trouble) {
                tell(listener -> listener.onTranslationInterrupted(trouble));
            }

            @Override
            public void onRebalance(String topic) {
                tell(listener -> listener.onRebalance(topic));
            }

            private void tell(Consumer<PipelineListener> what) {
                all.forEach(what);
            }
        };
    }
}
