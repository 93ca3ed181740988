package dev.tandem.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to one question.
 *
 * @param key its name in JSON
 * @param facts how it was measured: networks, libraries, counts
 */
public record Section(String key, String question, Map<String, Object> facts, List<Figure> figures) {

    /** Figures and facts by their keys. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        figures.forEach(figure -> values.put(figure.key(), figure.value()));
        values.putAll(facts);
        return values;
    }
}
