package dev.tandem.testkit.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The records that a checkpoint was trained on, read from the step log {@code steps.jsonl} beside it.
 *
 * <p>A run that resumes after a crash repeats the steps since its checkpoint and logs them again. A line therefore
 * replaces all earlier lines that have the same number of pairs or more. Lines after the checkpoint's own step do not
 * count, and neither do skipped batches.
 */
public final class AuditTrail {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One line of the step log.
     *
     * @param skipped whether the batch was read but not trained on
     * @param records {@code topic-partition-offset} of each record of the batch
     */
    private record Line(long step, long pairs, boolean skipped, List<String> records) {}

    private final Deque<Line> validLines = new ArrayDeque<>();
    private final long step;
    private final long pairs;
    private int replacedLines;

    private AuditTrail(long step, long pairs) {
        this.step = step;
        this.pairs = pairs;
    }

    /** @param checkpoint a folder {@code step-N} with the step log in the folder above it */
    public static AuditTrail of(Path checkpoint) {
        try {
            JsonNode state = JSON.readTree(checkpoint.resolve("state.json").toFile());
            AuditTrail trail = new AuditTrail(
                    state.path("step").asLong(), state.path("pairs").asLong());
            for (String line : Files.readAllLines(checkpoint.resolveSibling("steps.jsonl"))) {
                trail.add(parse(JSON.readTree(line)));
            }
            return trail;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The origins of the records, {@code topic-partition-offset}, each as often as it was used. */
    public List<String> records() {
        return validLines.stream()
                .filter(line -> line.step() <= step && !line.skipped())
                .flatMap(line -> line.records().stream())
                .toList();
    }

    /** The number of steps that were lost in crashes and repeated. */
    public int repeatedSteps() {
        return replacedLines;
    }

    /** The number of pairs according to the checkpoint itself. */
    public long pairs() {
        return pairs;
    }

    private void add(Line line) {
        while (!validLines.isEmpty() && validLines.peekLast().pairs() >= line.pairs()) {
            validLines.removeLast();
            replacedLines++;
        }
        validLines.addLast(line);
    }

    private static Line parse(JsonNode line) {
        List<String> records = new ArrayList<>();
        line.path("records").properties().forEach(partition -> {
            for (JsonNode range : partition.getValue()) {
                for (long offset = range.get(0).asLong(); offset < range.get(1).asLong(); offset++) {
                    records.add(partition.getKey() + "-" + offset);
                }
            }
        });
        return new Line(line.path("step").asLong(), line.path("pairs").asLong(), line.has("notTaken"), records);
    }
}
