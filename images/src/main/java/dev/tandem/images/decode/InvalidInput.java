package dev.tandem.images.decode;

/** A record that cannot be used, and why; it ends among the dead letters. */
public final class InvalidInput extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, in a form that can be counted; the message says the rest. */
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
        ANSWER_TOO_LARGE
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
