package dev.tandem.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results for one question.
 *
 * @param key name in JSON
 * @param question heading for readers
 * @param facts conditions of the measurement: networks, libraries, counts; with {@link #NOTE} the reason why there are no
 *     figures
 */
public record Section(String key, String question, Map<String, Object> facts, List<Figure> figures) {
    /** Fact that says why nothing was measured. */
    public static final String NOTE = "note";

    /** Why nothing was measured; empty if there are figures. */
    Optional<String> note() {
        return Optional.ofNullable(facts.get(NOTE)).map(Object::toString);
    }

    /** The figures and facts by their keys, for JSON. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        figures.forEach(figure -> values.put(figure.key(), figure.value()));
        values.putAll(facts);
        return values;
    }
}
