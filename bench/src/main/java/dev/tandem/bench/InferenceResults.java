package dev.tandem.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Results of {@link InferenceBench}. All rows of a list have the same keys in the same order.
 *
 * @param timings the time of one translation: a row per model and batch size
 * @param memory the memory of a process that only translates: a row per model and engine
 */
record InferenceResults(List<Map<String, Object>> timings, List<Map<String, Object>> memory) {

    static InferenceResults concat(List<InferenceResults> parts) {
        return new InferenceResults(
                parts.stream().flatMap(part -> part.timings.stream()).toList(),
                parts.stream().flatMap(part -> part.memory.stream()).toList());
    }

    /** One array with all rows. */
    String json() throws JsonProcessingException {
        return new ObjectMapper()
                .writeValueAsString(
                        Stream.concat(timings.stream(), memory.stream()).toList());
    }

    /** A table per list. The keys are the header. */
    String markdown() {
        return table(timings) + "\n\n" + table(memory);
    }

    private static String table(List<Map<String, Object>> rows) {
        Collection<String> header = rows.get(0).keySet();
        return Stream.concat(
                        Stream.of(header, Collections.nCopies(header.size(), "---")),
                        rows.stream().map(Map::values))
                .map(cells -> cells.stream().map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |")))
                .collect(Collectors.joining("\n"));
    }
}
