package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** The known setting keys: those of {@code reference.conf}. */
final class KnownKeys {
    private static final String PASSED_TO_KAFKA = "kafka.";

    private KnownKeys() {}

    /** All leaves below a config, as dotted path and text. */
    static Map<String, String> flat(Config config) {
        Map<String, String> leaves = new TreeMap<>();
        config.entrySet()
                .forEach(leaf -> leaves.put(
                        String.join(".", ConfigUtil.splitPath(leaf.getKey())),
                        String.valueOf(leaf.getValue().unwrapped())));
        return leaves;
    }

    /** Refuses the first key of {@code given} that {@code known} does not have, and names the nearest one it has. */
    static void refuseUnknown(Config given, Config known) {
        Set<String> knownKeys = flat(known).keySet();
        flat(given).keySet().stream()
                .filter(key -> !key.startsWith(PASSED_TO_KAFKA) && !knownKeys.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new SettingsException(
                            "unknown setting " + key + "; the nearest known one is " + nearest(key, knownKeys));
                });
    }

    static String nearest(String key, Set<String> known) {
        JaroWinklerSimilarity similarity = new JaroWinklerSimilarity();
        // A key without its block ("width") should find "model.width", so the last name counts as well as the path.
        Comparator<String> byLastNameToo = Comparator.comparingDouble(candidate ->
                Math.max(similarity.apply(key, candidate), similarity.apply(lastName(key), lastName(candidate))));
        Comparator<String> byPath = Comparator.comparingDouble(candidate -> similarity.apply(key, candidate));
        return known.stream().max(byLastNameToo.thenComparing(byPath)).orElseThrow();
    }

    private static String lastName(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
