package dev.tandem.pipeline.translate;

import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.consume.KafkaFailures;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports when translation is interrupted by a failure of Kafka, and when it recovers. */
final class TranslationOutage {
    private static final Logger LOG = LoggerFactory.getLogger(TranslationOutage.class);

    private final PipelineListener listener;
    private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());

    TranslationOutage(PipelineListener listener) {
        this.listener = listener;
    }

    /** Reports each cause once, because retries usually fail for the same reason. */
    void interrupted(Throwable cause) {
        String message = "translation waits for Kafka: " + KafkaFailures.message(cause);
        Optional<String> before = reason.getAndSet(Optional.of(message));
        if (!before.equals(Optional.of(message))) {
            LOG.warn(message);
            listener.onTranslationInterrupted(Optional.of(message));
        }
    }

    void recovered() {
        if (reason.getAndSet(Optional.empty()).isPresent()) {
            LOG.info("translation resumed");
            listener.onTranslationInterrupted(Optional.empty());
        }
    }
}
