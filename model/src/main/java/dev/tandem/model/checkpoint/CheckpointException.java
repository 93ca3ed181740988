package dev.tandem.model.checkpoint;

import java.io.IOException;

/** A checkpoint or a file of weights cannot be written or used; the message is one line for the user. */
public class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The cause for a message; the text of some I/O errors is only the path. */
    static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
