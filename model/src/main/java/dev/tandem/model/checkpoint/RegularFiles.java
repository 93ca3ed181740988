package dev.tandem.model.checkpoint;

import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Accepts regular files only: opening a FIFO blocks until somebody writes, and a device may have no end. */
final class RegularFiles {
    private RegularFiles() {}

    /**
     * Returns the size of a regular file in bytes.
     *
     * @param options {@code NOFOLLOW_LINKS} to reject symbolic links
     * @throws CheckpointException if the file is a folder, a special file or a rejected link
     * @throws IOException if there is no such file
     */
    static long size(Path file, LinkOption... options) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, options);
        if (!attributes.isRegularFile()) {
            throw new MalformedFile(file, "is " + kind(attributes) + " instead of a regular file");
        }
        return attributes.size();
    }

    /**
     * Reads a whole file that is not a symbolic link.
     *
     * @throws CheckpointException if it is not a regular file or has more than {@code maxBytes} bytes
     */
    static byte[] read(Path file, int maxBytes) throws IOException {
        long size = size(file, LinkOption.NOFOLLOW_LINKS);
        requireAtMost(file, size, maxBytes);
        return Files.readAllBytes(file);
    }

    static void requireAtMost(Path file, long size, long maxBytes) {
        if (size > maxBytes) {
            throw new MalformedFile(file, "has " + size + " bytes, but at most " + maxBytes + " are possible");
        }
    }

    private static String kind(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return "a symbolic link";
        }
        return attributes.isDirectory() ? "a folder" : "a special file";
    }
}
