package dev.tandem.testkit.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.process.TandemProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The result of a run that has ended: its JSON output and its last checkpoint.
 *
 * @param json the object that {@code run --json} prints
 */
public record RunResult(JsonNode json) {

    /** Waits for the end of a run; fails unless its exit code is 0. */
    public static RunResult of(TandemProcess run) {
        run.assertSuccess();
        return new RunResult(run.json());
    }

    public long pairsTrained() {
        return json.path("pairsTrained").asLong();
    }

    public long steps() {
        return json.path("steps").asLong();
    }

    public long translations() {
        return json.path("translations").asLong();
    }

    public long deadLetters() {
        return json.path("deadLetters").asLong();
    }

    /** The folder of the last checkpoint. */
    public Path checkpoint() {
        return Path.of(json.path("checkpoint").asText());
    }

    /**
     * The next offset that the last checkpoint holds for a partition.
     *
     * @param partition {@code topic-partition}
     */
    public long nextOffset(String partition) {
        try {
            return new ObjectMapper()
                    .readTree(checkpoint().resolve("state.json").toFile())
                    .path("offsets")
                    .path(partition)
                    .asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records that the last checkpoint was trained on. */
    public AuditTrail auditTrail() {
        return AuditTrail.of(checkpoint());
    }
}
