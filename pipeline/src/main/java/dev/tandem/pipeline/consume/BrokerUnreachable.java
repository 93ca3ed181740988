package dev.tandem.pipeline.consume;

/** No broker answered in time; asking again later may help. */
public final class BrokerUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerUnreachable(String bootstrapServers, Throwable cause) {
        super("no Kafka broker answers at " + bootstrapServers, cause);
    }
}
