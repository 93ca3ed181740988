package dev.tandem.serving.metrics;

import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.broker.BrokerState;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Whether model, streams and broker are ready, and otherwise what is missing. Thread-safe. */
public final class Readiness implements PipelineListener {
    private final AtomicReference<Optional<String>> missingStreams =
            new AtomicReference<>(Optional.of("the model is starting"));
    private final AtomicReference<Optional<String>> missingBroker =
            new AtomicReference<>(Optional.of("waiting for the broker"));

    private final AtomicReference<Optional<String>> interruption = new AtomicReference<>(Optional.empty());

    public void onPipelinesStarted() {
        interruption.set(Optional.empty());
        missingStreams.set(Optional.empty());
    }

    public void onPipelinesStopped() {
        missingStreams.set(Optional.of("the model is restarting or stopping"));
    }

    @Override
    public void onBrokerState(BrokerState state) {
        missingBroker.set(
                state instanceof BrokerState.Unavailable unavailable
                        ? Optional.of(unavailable.reason())
                        : Optional.empty());
    }

    @Override
    public void onTranslationInterrupted(Optional<String> reason) {
        interruption.set(reason);
    }

    /** What is missing, in words; empty when everything is ready. */
    public Optional<String> missing() {
        return missingStreams.get().or(missingBroker::get).or(interruption::get);
    }
}
