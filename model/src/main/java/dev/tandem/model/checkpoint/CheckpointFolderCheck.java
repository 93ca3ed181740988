package dev.tandem.model.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Checks a checkpoint folder without changing it. */
public final class CheckpointFolderCheck {
    private CheckpointFolderCheck() {}

    /**
     * Requires that {@link CheckpointStore#open} would succeed now. The folder may be missing.
     *
     * @throws CheckpointException if the folder cannot be written to, or another process trains in it
     */
    public static void requireTrainable(Path folder) {
        Path existing = existing(folder);
        Path lock = folder.resolve(CheckpointLock.FILE);
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new CheckpointException("the checkpoint folder " + folder + " cannot be written to");
        }
        if (Files.exists(lock) && isLocked(folder, lock)) {
            throw new CheckpointException("another process trains in the checkpoint folder " + folder);
        }
    }

    /** The folder, or its nearest parent that exists. */
    public static Path existing(Path folder) {
        return Stream.iterate(folder.toAbsolutePath(), path -> path != null, Path::getParent)
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .findFirst()
                .orElse(folder);
    }

    private static boolean isLocked(Path folder, Path lock) {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock acquired = channel.tryLock()) {
            return acquired == null;
        } catch (OverlappingFileLockException e) {
            // This process holds the lock.
            return false;
        } catch (IOException e) {
            throw new CheckpointException(
                    "the checkpoint folder " + folder + " cannot be written to (" + CheckpointException.reason(e) + ")",
                    e);
        }
    }
}
