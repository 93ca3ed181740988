package dev.tandem.pipeline.consume;

/** No broker answered within the timeout. A later attempt can succeed. */
public final class BrokerUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerUnreachable(String bootstrapServers, Throwable cause) {
        super("no Kafka broker answers at " + bootstrapServers, cause);
    }
}
