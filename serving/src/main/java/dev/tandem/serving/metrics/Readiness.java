package dev.tandem.serving.metrics;

import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.broker.BrokerState;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Whether model, streams and broker are all there, and if not, what is missing. */
public final class Readiness implements PipelineListener {
    private final AtomicReference<Optional<String>> streams = new AtomicReference<>(Optional.of("starting"));
    private final AtomicReference<Optional<String>> broker =
            new AtomicReference<>(Optional.of("waiting for the broker"));

    private final AtomicReference<Optional<String>> translating = new AtomicReference<>(Optional.empty());

    public void streamsUp() {
        translating.set(Optional.empty());
        streams.set(Optional.empty());
    }

    public void streamsDown() {
        streams.set(Optional.of("restarting or stopping"));
    }

    @Override
    public void onBrokerState(BrokerState state) {
        broker.set(state instanceof BrokerState.Unavailable absent ? Optional.of(absent.trouble()) : Optional.empty());
    }

    @Override
    public void onTranslationInterrupted(Optional<String> trouble) {
        translating.set(trouble);
    }

    /** Empty when ready. */
    public Optional<String> missing() {
        return streams.get().or(broker::get).or(translating::get);
    }
}
