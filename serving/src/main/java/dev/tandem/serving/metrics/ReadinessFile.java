package dev.tandem.serving.metrics;

import dev.tandem.config.FileFault;
import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with the text {@code ready}, or with what is missing. It is for the health check of a container
 * ({@code deploy/container/health}), which knows neither the port nor a token, and works without the role {@code http}.
 */
public final class ReadinessFile {
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessFile.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Path file;
    private final Readiness readiness;

    ReadinessFile(Path file, Readiness readiness) {
        this.file = file;
        this.readiness = readiness;
    }

    /**
     * Writes the file now and then every five seconds, until the actor system stops. A reader can tell from the time of
     * the file whether the run still works.
     *
     * @throws UserError if the file cannot be written
     */
    public static void keepWriting(Path file, Readiness readiness, ActorSystem<?> system) {
        ReadinessFile readinessFile = new ReadinessFile(file.toAbsolutePath(), readiness);
        try {
            readinessFile.write();
        } catch (IOException e) {
            system.terminate();
            throw new UserError(
                    "cannot write the file " + file + " (" + FileFault.reason(e)
                            + "); set TANDEM_HEALTH_FILE to a file in a writable folder",
                    e);
        }
        system.scheduler()
                .scheduleWithFixedDelay(
                        INTERVAL,
                        INTERVAL,
                        readinessFile::tryToWrite,
                        system.dispatchers().lookup(DispatcherSelector.blocking()));
    }

    private void tryToWrite() {
        try {
            write();
        } catch (IOException e) {
            LOG.warn("cannot write the file {} of the health check: {}", file, FileFault.reason(e));
        }
    }

    /** Replaces the file in one step, so that a reader never sees a part of it. */
    void write() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, readiness.missing().orElse("ready") + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
