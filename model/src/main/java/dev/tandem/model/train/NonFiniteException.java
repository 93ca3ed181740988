package dev.tandem.model.train;

/** A training step was not taken because a loss or a gradient is not finite; no weight has changed. */
public final class NonFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonFiniteException(String message) {
        super(message);
    }
}
