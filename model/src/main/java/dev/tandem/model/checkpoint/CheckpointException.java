package dev.tandem.model.checkpoint;

import dev.tandem.config.FileFault;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A checkpoint or a file of weights cannot be written or used; the message is one line for the user. */
public class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final boolean isTemporary;

    /** A file does not have the content that its format demands. */
    static final class MalformedFile extends CheckpointException {
        private static final long serialVersionUID = 1L;

        private final String withoutFolder;

        /** @param problem completes a sentence that starts with the file, for instance "is truncated" */
        MalformedFile(Path file, String problem) {
            super(file + " " + problem);
            this.withoutFolder = file.getFileName() + " " + problem;
        }
    }

    public CheckpointException(String message) {
        this(message, null);
    }

    public CheckpointException(String message, Throwable cause) {
        this(message, "", cause, false);
    }

    private CheckpointException(String problem, String remedy, Throwable cause, boolean isTemporary) {
        super(oneLine(problem + remedy), cause);
        this.problem = oneLine(problem);
        this.isTemporary = isTemporary;
    }

    /** A failure whose cause is not the content of the checkpoint. */
    public static CheckpointException temporary(String message, Throwable cause) {
        return new CheckpointException(message, "", cause, true);
    }

    /** A checkpoint that cannot be used; another one may be valid. */
    static CheckpointException unusable(Path folder, Exception cause) {
        return new CheckpointException(
                "checkpoint " + folder + state(folder, cause), "; use another checkpoint", cause, isTemporary(cause));
    }

    /** A missing file and text that is not UTF-8 are faults of the checkpoint. */
    private static boolean isTemporary(Exception cause) {
        return cause instanceof IOException
                && !(cause instanceof NoSuchFileException || cause instanceof CharacterCodingException);
    }

    private static String state(Path folder, Exception cause) {
        if (cause instanceof IOException e) {
            return " cannot be read (" + FileFault.reason(e, folder) + ")";
        }
        return " is damaged: "
                + (cause instanceof MalformedFile malformed ? malformed.withoutFolder : cause.getMessage());
    }

    /** Whether the cause is not the content of the checkpoint, so that the same files can be used later. */
    public boolean isTemporary() {
        return isTemporary;
    }

    /** The message without its advice to use another checkpoint, for a caller that does so itself. */
    public String problem() {
        return problem;
    }

    /** Names and values from a damaged file may contain line breaks, which would forge lines of the log. */
    private static String oneLine(String message) {
        return message.replaceAll("\\p{Cntrl}", "?");
    }
}
