package dev.tandem.config;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** The reason of an input or output error in words; the text of most of Java's errors is only the path. */
public final class FileFault {
    private FileFault() {}

    /** The reason without the file, for a message that names it. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file has this name";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (e instanceof EOFException) {
            return "the file ends too early";
        }
        if (e instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        String text = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return Optional.ofNullable(text).orElse("unknown reason");
    }

    /**
     * The reason, with the file if the error is not about the named one.
     *
     * @param named the file or folder that the message names
     */
    public static String reason(IOException e, Path named) {
        boolean isAboutAnother = e instanceof FileSystemException failure
                && failure.getFile() != null
                && !Path.of(failure.getFile()).equals(named);
        return isAboutAnother ? reason(e) + ": " + ((FileSystemException) e).getFile() : reason(e);
    }
}
