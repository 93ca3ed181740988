package dev.tandem.datasets.files;

import dev.tandem.config.FileFault;
import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that is deleted on close. */
public record TemporaryFolder(Path path) implements AutoCloseable {

    /** @throws UserError if the folder cannot be created */
    public static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("tandem-"));
        } catch (IOException e) {
            throw new UserError("cannot create a temporary folder (" + FileFault.reason(e) + ")", e);
        }
    }

    @Override
    public void close() {
        delete(path);
    }

    /**
     * Deletes a folder and its contents; does nothing if the folder does not exist.
     *
     * @throws UserError if a file or folder cannot be deleted
     */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            throw new UserError("cannot delete " + folder + " (" + FileFault.reason(e, folder) + ")", e);
        }
    }
}
