package dev.tandem.datasets.records;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Records and the problems of those that their topic's reader would reject.
 *
 * @param problems one line for each invalid record, by its index
 */
public record CheckedRecords(List<ImageRecord> all, Map<Integer, String> problems) {
    private static final int MAX_PROBLEMS_DESCRIBED = 50;

    /** The records without a problem, in their order. */
    public List<ImageRecord> valid() {
        return IntStream.range(0, all.size())
                .filter(i -> !problems.containsKey(i))
                .mapToObj(all::get)
                .toList();
    }

    /** The first problems, one per line, and the number of the others. */
    public List<String> describeProblems() {
        List<String> lines = new ArrayList<>(
                problems.values().stream().limit(MAX_PROBLEMS_DESCRIBED).toList());
        if (problems.size() > MAX_PROBLEMS_DESCRIBED) {
            lines.add("... and " + (problems.size() - MAX_PROBLEMS_DESCRIBED) + " more");
        }
        return lines;
    }

    /** How many of the files are invalid. */
    public String summary() {
        return problems.size() + " of " + all.size() + " files are invalid";
    }
}
