package dev.tandem.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results for one question.
 *
 * @param key name in JSON
 * @param question heading for readers
 * @param facts conditions of the measurement: networks, libraries, counts
 */
public record Section(String key, String question, Map<String, Object> facts, List<Figure> figures) {

    /** The figures and facts by their keys, for JSON. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        figures.forEach(figure -> values.put(figure.key(), figure.value()));
        values.putAll(facts);
        return values;
    }
}
