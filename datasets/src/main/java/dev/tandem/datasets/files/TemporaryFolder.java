package dev.tandem.datasets.files;

import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

    /** @throws UserError if none can be made */
    public static TemporaryFolder make() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("tandem-"));
        } catch (IOException e) {
            throw new UserError("cannot make a temporary folder (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() {
        delete(path);
    }

    /**
     * Deletes a folder with all that is in it, if there is one.
     *
     * @throws UserError if something in it cannot be deleted
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
            throw new UserError("cannot remove " + folder + " (" + e.getMessage() + ")", e);
        }
    }
}
