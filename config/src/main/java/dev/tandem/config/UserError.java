package dev.tandem.config;

/** An error that the user can fix. The message is one line: what is wrong and how to fix it. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
