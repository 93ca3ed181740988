package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings of a run as text, with secret values hidden. */
public final class RedactedSettings {
    private static final Pattern SECRET = Pattern.compile(
            ".*(password|passphrase|secret|jaas|token|credential|private|keystore\\.(key|certificate)|api[.-]?key).*",
            Pattern.CASE_INSENSITIVE);
    private static final String HIDDEN = "(hidden)";

    private RedactedSettings() {}

    /**
     * Returns all settings by their key.
     *
     * @param resolved the whole configuration; only its section {@code tandem} is returned
     */
    public static Map<String, String> of(Config resolved) {
        Map<String, String> settings = new TreeMap<>(KnownKeys.flatten(resolved.getConfig("tandem")));
        settings.replaceAll((key, value) -> SECRET.matcher(key).matches() ? HIDDEN : value);
        return settings;
    }
}
