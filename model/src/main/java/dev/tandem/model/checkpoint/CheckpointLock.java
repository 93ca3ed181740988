package dev.tandem.model.checkpoint;

import dev.tandem.config.SettingsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a checkpoint folder, a locked file in it: only one process trains in the folder. The operating system
 * releases the lock when the process ends, even after a kill.
 *
 * <p>If somebody removes the file or the folder, another process can lock a new file. So the owner has to call
 * {@link #keep} regularly. Not thread-safe.
 */
final class CheckpointLock {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointLock.class);
    private static final String FILE = ".lock";

    private final Path file;
    /** Referenced so that it is not garbage collected, which would close the channel and release the lock. */
    private FileChannel channel;
    /** Identity of the locked file; another file of the same name has another one. */
    private Optional<Object> key;

    private CheckpointLock(Path file, FileChannel channel, Optional<Object> key) {
        this.file = file;
        this.channel = channel;
        this.key = key;
    }

    /**
     * Locks an existing folder.
     *
     * @throws CheckpointException if another process has locked it
     */
    static CheckpointLock acquire(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        FileChannel channel = lock(file)
                .orElseThrow(() -> new CheckpointException("another process trains in the checkpoint folder "
                        + directory + "; set checkpoint.directory to another folder"));
        return new CheckpointLock(file, channel, key(file));
    }

    /**
     * Returns whether another process has locked a folder.
     *
     * <p>The owner of the lock must not call this: as soon as a process closes any channel of a file, the operating system
     * releases all its locks of that file.
     */
    static boolean isTaken(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        RegularFiles.size(file, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            // This process holds the lock.
            return false;
        }
    }

    /**
     * Creates folder and lock again if they were removed.
     *
     * @return whether they were removed
     * @throws SettingsException if another process has locked the folder since
     */
    boolean keep() throws IOException {
        if (key.equals(key(file))) {
            return false;
        }
        Files.createDirectories(file.getParent());
        FileChannel renewed = lock(file)
                .orElseThrow(() -> new SettingsException("the lock " + file
                        + " was removed during the run, and now another process trains in this folder; this run ends"
                        + " without a checkpoint. Set checkpoint.directory to another folder"));
        channel.close();
        channel = renewed;
        key = key(file);
        LOG.warn("the lock {} was removed during the run; it is created again", file);
        return true;
    }

    /** Empty if another process holds the lock. */
    private static Optional<FileChannel> lock(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            RegularFiles.size(file, LinkOption.NOFOLLOW_LINKS);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            // This process holds the lock already; it may open the folder more than once.
            return Optional.of(channel);
        }
        channel.close();
        return Optional.empty();
    }

    /** Empty if the file is missing, or the file system has no keys. */
    private static Optional<Object> key(Path file) {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
