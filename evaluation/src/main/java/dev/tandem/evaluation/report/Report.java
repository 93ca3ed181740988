package dev.tandem.evaluation.report;

import dev.tandem.datasets.gallery.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of an evaluation.
 *
 * @param facts what was evaluated, and on which data
 * @param attribution authors and license of the images; may be empty
 * @param rows images of some inputs and their translations
 */
public record Report(Map<String, Object> facts, String attribution, List<Section> sections, List<Row> rows) {

    /** The facts and sections by their keys, for JSON. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>(facts);
        sections.forEach(section -> values.put(section.key(), section.values()));
        return values;
    }
}
