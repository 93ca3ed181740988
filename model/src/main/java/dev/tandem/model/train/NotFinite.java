package dev.tandem.model.train;

/** A step that was not taken, because a loss or a gradient was not a finite number; nothing has changed. */
public final class NotFinite extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFinite(String message) {
        super(message);
    }
}
