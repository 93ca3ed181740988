package dev.tandem.serving.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** The metrics of the HTTP server. Thread-safe. */
public final class HttpMetrics {
    private final Timer translations;
    private final Counter refused;
    private final Counter unauthorized;
    private final AtomicReference<LongSupplier> reservedBytes = new AtomicReference<>(() -> 0);
    private final AtomicReference<LongSupplier> eventStreams = new AtomicReference<>(() -> 0);

    HttpMetrics(MeterRegistry registry, Timer translations) {
        this.translations = translations;
        this.refused = Counter.builder("tandem.http.refused")
                .description(
                        "HTTP translation requests refused: http.max-requests or http.max-memory were in use, or the"
                                + " body was too large")
                .register(registry);
        this.unauthorized = Counter.builder("tandem.http.unauthorized")
                .description("HTTP requests without the token")
                .register(registry);
        Gauge.builder("tandem.http.memory", () -> reservedBytes.get().getAsLong())
                .description("Heap memory that HTTP translation requests have reserved")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("tandem.http.event.streams", () -> eventStreams.get().getAsLong())
                .description("Clients of the event stream, for example open dashboards")
                .register(registry);
    }

    /** Sets the sources of the gauges. */
    public void watch(LongSupplier reservedMemoryBytes, LongSupplier openEventStreams) {
        reservedBytes.set(reservedMemoryBytes);
        eventStreams.set(openEventStreams);
    }

    /** Records a translation request that was answered, with translations or with a problem. */
    public void onTranslation(Duration duration) {
        translations.record(duration);
    }

    /** Records a translation request that was refused before it was translated. */
    public void onRefused() {
        refused.increment();
    }

    /** Records a request without the token. */
    public void onUnauthorized() {
        unauthorized.increment();
    }
}
