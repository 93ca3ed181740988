package dev.tandem.model.checkpoint;

import dev.tandem.config.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Checks a checkpoint folder without changing it. */
public final class CheckpointFolderCheck {
    private CheckpointFolderCheck() {}

    /**
     * Requires that {@link CheckpointStore#open} would succeed now. The folder may be missing. A process that has the
     * folder open for writing must not call this.
     *
     * @throws CheckpointException if the folder cannot be written to, or another process trains in it
     */
    public static void requireTrainable(Path folder) {
        Path existing = existing(folder);
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new CheckpointException("the checkpoint folder " + folder + " cannot be written to");
        }
        try {
            if (CheckpointLock.isTaken(folder)) {
                throw new CheckpointException("another process trains in the checkpoint folder " + folder);
            }
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + folder + " cannot be written to (" + FileFault.reason(e, folder) + ")",
                    e);
        }
    }

    /** The folder, or its nearest parent that exists. */
    public static Path existing(Path folder) {
        return Stream.iterate(folder.toAbsolutePath(), path -> path != null, Path::getParent)
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .findFirst()
                .orElse(folder);
    }
}
