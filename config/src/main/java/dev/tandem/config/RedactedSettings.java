package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of a run as text, with secret values hidden.
 *
 * <p>Of the settings that are passed to Kafka, only values of keys that are known to hold no secret are shown. In every
 * text, user names and passwords of URLs, assignments such as {@code password=...}, and private keys are hidden.
 */
public final class RedactedSettings {
    private static final String HIDDEN = "(hidden)";
    private static final String KAFKA = "kafka.";
    private static final String BOOTSTRAP = KAFKA + "bootstrap-servers";
    private static final String SECRET_NAME =
            "pass(?:word|wd|phrase)|pwd|secret|jaas|token|credential|private|keystore[._-]?(?:key|certificate)|api[._-]?key"
                    + "|access[._-]?key|signature";
    private static final Pattern SECRET_KEY = Pattern.compile(SECRET_NAME, Pattern.CASE_INSENSITIVE);
    private static final Pattern SECRET_TEXT = Pattern.compile(
            // User and password of a URL, or of an address without a scheme. A password may contain / and @.
            "(?<scheme>\\w[\\w+.-]*://)[^\\s\"']*(?=@)"
                    + "|[^\\s,;\"'/@=]+:[^\\s,;\"']*(?=@)"
                    + "|-----BEGIN[\\s\\S]*?(?:-----END[^-]*-----|$)"
                    // An assignment, also in the query of a URL or in JSON.
                    + "|(?<name>[\\w.-]*(?:" + SECRET_NAME + ")[\\w.-]*[\"']?\\s*[=:]\\s*)"
                    + "(?:\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^\\s,;&\"'}\\]]+)",
            Pattern.CASE_INSENSITIVE);

    private RedactedSettings() {}

    /**
     * Returns all settings by their key.
     *
     * @param resolved the whole configuration; only its section {@code tandem} is returned
     * @param kafkaKeys the keys of the Kafka clients, without {@code kafka.}
     */
    public static Map<String, String> of(Config resolved, Set<String> kafkaKeys) {
        Map<String, String> settings = new TreeMap<>();
        resolved.getConfig("tandem").entrySet().forEach(entry -> {
            String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
            settings.put(
                    key, isShown(key, kafkaKeys) ? redacted(entry.getValue().unwrapped()) : HIDDEN);
        });
        return settings;
    }

    /** Keys of Tandem itself hold no secrets, only the names of files with secrets. */
    private static boolean isShown(String key, Set<String> kafkaKeys) {
        return !key.startsWith(KAFKA)
                || key.equals(BOOTSTRAP)
                || kafkaKeys.contains(key.substring(KAFKA.length()))
                        && !SECRET_KEY.matcher(key).find();
    }

    private static String redacted(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(RedactedSettings::redacted).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + redacted(entry))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return hideSecrets(String.valueOf(value));
    }

    private static String redacted(Map.Entry<?, ?> entry) {
        return SECRET_KEY.matcher(String.valueOf(entry.getKey())).find() ? HIDDEN : redacted(entry.getValue());
    }

    private static String hideSecrets(String text) {
        return SECRET_TEXT.matcher(text).replaceAll("${scheme}${name}" + HIDDEN);
    }
}
