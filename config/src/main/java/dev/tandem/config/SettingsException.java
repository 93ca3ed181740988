package dev.tandem.config;

/** An invalid setting. The message is one line for the user: the key, what is wrong, and which values are allowed. */
public class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
