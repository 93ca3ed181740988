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

/** Receives the events of the streams. The methods are called on the streams' threads. */
public interface PipelineListener {

    /** Ignores all events. */
    PipelineListener NONE = new PipelineListener() {};

    /** A training step was taken. */
    default void onTrained(Trained step) {}

    /** A training step was not taken, because a loss or a gradient was not finite. */
    default void onDiverged(Diverged batch) {}

    /**
     * The translations of a request were committed.
     *
     * @param count number of records
     */
    default void onTranslated(int count) {}

    /**
     * A translated request was committed; called after {@link #onTranslated}.
     *
     * @param duration time since the request was read
     */
    default void onRequestCompleted(Duration duration) {}

    /** A record was sent to dead letters. */
    default void onDeadLetter(DeadLetter deadLetter) {}

    /** A pair was decoded and augmented: (1, C, H, W) each, in [-1, 1]. */
    default void onPairDecoded(TensorPair pair) {}

    /** A pair of {@code train.validation.share} was decoded; no step trains on it. */
    default void onPairHeldOut() {}

    /**
     * Decoded pairs left the stream, either trained on or sent to dead letters.
     *
     * @param pairs their number
     */
    default void onPairsProcessed(int pairs) {}

    /** The broker was checked. */
    default void onBrokerState(BrokerState state) {}

    /**
     * Translation was interrupted or resumed.
     *
     * @param reason why translation waits for Kafka; empty: translation resumed
     */
    default void onTranslationInterrupted(Optional<String> reason) {}

    /** Partitions of a topic were assigned again. */
    default void onRebalance(String topic) {}

    /** Returns a listener that forwards every event to all given listeners, in this order. */
    static PipelineListener of(PipelineListener... listeners) {
        List<PipelineListener> all = List.of(listeners);
        return new PipelineListener() {
            @Override
            public void onTrained(Trained step) {
                publish(listener -> listener.onTrained(step));
            }

            @Override
            public void onDiverged(Diverged batch) {
                publish(listener -> listener.onDiverged(batch));
            }

            @Override
            public void onTranslated(int count) {
                publish(listener -> listener.onTranslated(count));
            }

            @Override
            public void onRequestCompleted(Duration duration) {
                publish(listener -> listener.onRequestCompleted(duration));
            }

            @Override
            public void onDeadLetter(DeadLetter deadLetter) {
                publish(listener -> listener.onDeadLetter(deadLetter));
            }

            @Override
            public void onPairDecoded(TensorPair pair) {
                publish(listener -> listener.onPairDecoded(pair));
            }

            @Override
            public void onPairHeldOut() {
                publish(PipelineListener::onPairHeldOut);
            }

            @Override
            public void onPairsProcessed(int pairs) {
                publish(listener -> listener.onPairsProcessed(pairs));
            }

            @Override
            public void onBrokerState(BrokerState state) {
                publish(listener -> listener.onBrokerState(state));
            }

            @Override
            public void onTranslationInterrupted(Optional<String> reason) {
                publish(listener -> listener.onTranslationInterrupted(reason));
            }

            @Override
            public void onRebalance(String topic) {
                publish(listener -> listener.onRebalance(topic));
            }

            private void publish(Consumer<PipelineListener> event) {
                all.forEach(event);
            }
        };
    }
}
