package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** The check of setting keys against those of {@code reference.conf}. */
final class KnownKeys {
    private static final String PASSED_TO_KAFKA = "kafka.";

    private KnownKeys() {}

    /** Returns all values of a config as text, by dotted path. */
    static Map<String, String> flatten(Config config) {
        Map<String, String> values = new TreeMap<>();
        config.entrySet()
                .forEach(entry -> values.put(
                        String.join(".", ConfigUtil.splitPath(entry.getKey())),
                        String.valueOf(entry.getValue().unwrapped())));
        return values;
    }

    /**
     * Checks that every key of {@code config} is a key of {@code reference}, except those passed to Kafka.
     *
     * @throws SettingsException for the first unknown key, with the nearest known one
     */
    static void requireKnown(Config config, Config reference) {
        Set<String> known = flatten(reference).keySet();
        flatten(config).keySet().stream()
                .filter(key -> !key.startsWith(PASSED_TO_KAFKA) && !known.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new SettingsException(
                            "unknown setting " + key + "; did you mean " + nearest(key, known) + "?");
                });
    }

    static String nearest(String key, Set<String> known) {
        JaroWinklerSimilarity similarity = new JaroWinklerSimilarity();
        // The last name counts by itself too, so that "width" without its section finds "model.width".
        Comparator<String> byPathOrLastName = Comparator.comparingDouble(candidate ->
                Math.max(similarity.apply(key, candidate), similarity.apply(lastName(key), lastName(candidate))));
        Comparator<String> byPath = Comparator.comparingDouble(candidate -> similarity.apply(key, candidate));
        return known.stream().max(byPathOrLastName.thenComparing(byPath)).orElseThrow();
    }

    private static String lastName(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
