package dev.tandem.pipeline.consume;

/** A query to the brokers failed. A later attempt can succeed. */
public final class BrokerUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BrokerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }

    /** No broker answered within the timeout, or none was found. */
    public static BrokerUnreachable noAnswer(String bootstrapServers, Throwable cause) {
        return new BrokerUnreachable("no Kafka broker answers at " + bootstrapServers, cause);
    }

    /** Brokers answered, but did not complete the query in time. */
    public static BrokerUnreachable incomplete(String bootstrapServers, Throwable cause) {
        return new BrokerUnreachable(
                "Kafka at " + bootstrapServers + " does not complete a request (" + cause.getMessage() + ")", cause);
    }
}
