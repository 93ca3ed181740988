package dev.tandem.config;

import java.util.Map;
import java.util.TreeMap;

/** Settings that the checkpoints of older versions lack, because they did not exist, with the values that they had in effect. */
public final class MissingSettings {
    private static final String NORM = "model.norm";

    private MissingSettings() {}

    /**
     * Adds the missing settings of the networks. Without them, networks of an older version would get today's defaults.
     *
     * @param saved values by dotted key, {@link Settings#provenance}
     */
    public static Map<String, String> completed(Map<String, String> saved) {
        if (!saved.containsKey(NORM)) {
            return saved;
        }
        Map<String, String> completed = new TreeMap<>(saved);
        completed.putIfAbsent("model.generator.padding", "zero");
        completed.putIfAbsent("model.discriminator.norm", saved.get(NORM));
        return completed;
    }
}
