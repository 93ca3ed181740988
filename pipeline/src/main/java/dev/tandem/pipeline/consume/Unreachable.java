package dev.tandem.pipeline.consume;

/** No broker answered in time; asking again later may help. */
public final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String bootstrapServers, Throwable cause) {
        super("no Kafka broker answers at " + bootstrapServers, cause);
    }
}
