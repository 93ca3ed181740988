package dev.tandem.config;

/** A setting that cannot be used; the message is one line for the user: which key, what was wrong, what is allowed. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
