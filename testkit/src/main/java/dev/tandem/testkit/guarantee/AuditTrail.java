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
 * What the model of a checkpoint has learnt from, by its step log: the last line of each step up to its own. Lines of
 * steps that were lost in a crash are those that a smaller step, or the same one again, follows.
 */
public final class AuditTrail {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param records {@code topic-partition-offset} each */
    private record Line(long step, long pairs, boolean taken, List<String> records) {}

    private final Deque<Line> surviving = new ArrayDeque<>();
    private final long step;
    private final long pairs;
    private int lost;

    private AuditTrail(long step, long pairs) {
        this.step = step;
        this.pairs = pairs;
    }

    /** Of the checkpoint in a folder {@code step-N}, with the log beside it. */
    public static AuditTrail of(Path checkpoint) {
        try {
            JsonNode state = JSON.readTree(checkpoint.resolve("state.json").toFile());
            AuditTrail trail = new AuditTrail(
                    state.path("step").asLong(), state.path("pairs").asLong());
            for (String line : Files.readAllLines(checkpoint.resolveSibling("steps.jsonl"))) {
                trail.add(parsed(JSON.readTree(line)));
            }
            return trail;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records that the model has learnt from, each as often as it has. */
    public List<String> records() {
        return surviving.stream()
                .filter(line -> line.step() <= step && line.taken())
                .flatMap(line -> line.records().stream())
                .toList();
    }

    /** Lines of steps that were taken and lost with a crash. */
    public int lost() {
        return lost;
    }

    public long pairs() {
        return pairs;
    }

    private void add(Line line) {
        while (!surviving.isEmpty() && surviving.peekLast().pairs() >= line.pairs()) {
            surviving.removeLast();
            lost++;
        }
        surviving.addLast(line);
    }

    private static Line parsed(JsonNode line) {
        List<String> records = new ArrayList<>();
        line.path("records").properties().forEach(partition -> {
            for (JsonNode range : partition.getValue()) {
                for (long offset = range.get(0).asLong(); offset < range.get(1).asLong(); offset++) {
                    records.add(partition.getKey() + "-" + offset);
                }
            }
        });
        return new Line(
                line.path("step").asLong(),
                line.path("pairs").asLong(),
                line.path("notTaken").isMissingNode(),
                records);
    }
}
