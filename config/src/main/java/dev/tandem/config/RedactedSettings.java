package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings of a run for others to see: flat, as text, without what is secret. */
public final class RedactedSettings {
    private static final Pattern SECRET = Pattern.compile(
            ".*(password|passphrase|secret|jaas|token|credential|private|keystore\\.(key|certificate)|api[.-]?key).*",
            Pattern.CASE_INSENSITIVE);
    private static final String HIDDEN = "(hidden)";

    private RedactedSettings() {}

    /** @param resolved the whole configuration, of which the block {@code tandem} is shown */
    public static Map<String, String> of(Config resolved) {
        Map<String, String> shown = new TreeMap<>(KnownKeys.flat(resolved.getConfig("tandem")));
        shown.replaceAll((key, value) -> SECRET.matcher(key).matches() ? HIDDEN : value);
        return shown;
    }
}
