package dev.tandem.model.engine;

/** An inference engine cannot load a network, for another reason than too little memory; the message is one line. */
public final class NetworkLoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NetworkLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
