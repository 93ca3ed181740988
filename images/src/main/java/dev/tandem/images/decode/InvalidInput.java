package dev.tandem.images.decode;

/** An input that cannot be processed, and the reason. In a pipeline its record becomes a dead letter. */
public final class InvalidInput extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kind of problem, for counting; the exception's message has the details. */
    public enum Reason {
        EMPTY,
        TOO_MANY_BYTES,
        NOT_AN_IMAGE,
        DAMAGED_IMAGE,
        TOO_MANY_PIXELS,
        TOO_SMALL,
        WRONG_ASPECT,
        BAD_HEADER,
        REFUSED_BY_MODEL,
        NOT_FINITE,
        ANSWER_TOO_LARGE,
        REFUSED_BY_TOPIC
    }

    private final Reason reason;

    public InvalidInput(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
