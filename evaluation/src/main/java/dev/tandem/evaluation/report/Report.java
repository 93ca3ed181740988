package dev.tandem.evaluation.report;

import dev.tandem.datasets.gallery.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation came to.
 *
 * @param facts what was evaluated, on what
 * @param rows pictures to look at
 */
public record Report(Map<String, Object> facts, String attribution, List<Section> sections, List<Row> rows) {

    /** Facts and sections by their keys. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>(facts);
        sections.forEach(section -> values.put(section.key(), section.values()));
        return values;
    }
}
