package dev.tandem.config;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Limits that protect a run from its HTTP clients.
 *
 * @param maxRequests maximum number of translation requests at the same time
 * @param maxMemory maximum bytes of the heap for translation requests; empty: a quarter of the heap
 * @param maxConnections maximum number of connections to the port of the API
 * @param maxEventStreams maximum number of clients of the event stream
 * @param transferTimeout maximum time to receive a body or to send a response
 * @param idleTimeout time after which a connection without traffic is closed
 */
public record HttpLimits(
        int maxRequests,
        OptionalLong maxMemory,
        int maxConnections,
        int maxEventStreams,
        Duration transferTimeout,
        Duration idleTimeout) {
    private static final int AUTO_HEAP_DIVISOR = 4;

    public HttpLimits {
        RangeCheck.range("http.max-requests", maxRequests, 1, 1000);
        maxMemory.ifPresent(bytes -> RangeCheck.range("http.max-memory", bytes, 1L << 20, 1L << 50));
        RangeCheck.range("http.max-connections", maxConnections, 1, 100_000);
        RangeCheck.range("http.max-event-streams", maxEventStreams, 1, 10_000);
        RangeCheck.range("http.transfer-timeout", transferTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        RangeCheck.range("http.idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    /**
     * Maximum bytes for translation requests in a process with a heap of {@code heap} bytes.
     *
     * @throws SettingsException if {@code http.max-memory} is more than half of the heap
     */
    public long memoryIn(long heap) {
        long bytes = maxMemory.orElse(heap / AUTO_HEAP_DIVISOR);
        RangeCheck.require(
                bytes <= heap / 2,
                "http.max-memory",
                (bytes >> 20) + " MiB",
                "at most half of the heap, which has " + (heap >> 20) + " MiB (-Xmx in TANDEM_JAVA_OPTS)");
        return bytes;
    }

    static HttpLimits from(SettingsSection http) {
        return new HttpLimits(
                http.integer("max-requests"),
                http.bytesOrAuto("max-memory"),
                http.integer("max-connections"),
                http.integer("max-event-streams"),
                http.duration("transfer-timeout"),
                http.duration("idle-timeout"));
    }
}
