package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The keys, defaults and comments of {@code reference.conf}. */
public final class SettingsReference {
    private SettingsReference() {}

    /**
     * One setting.
     *
     * @param key path of the setting without {@code tandem.}
     * @param value its default in the syntax of a settings file
     * @param meaning the comment above it: meaning, unit, range and consequence
     */
    public record Entry(String key, String value, String meaning) {}

    /** Returns all settings in the order of the file. */
    public static List<Entry> entries() {
        Config reference = ConfigFactory.parseResources(
                SettingsReference.class.getClassLoader(), "reference.conf", ConfigParseOptions.defaults());
        List<Entry> entries = new ArrayList<>();
        collect("", reference.getObject("tandem"), SettingsLoader.reference(), entries);
        return entries;
    }

    /**
     * Collects the settings of a section as it is written, because a resolved substitution has the comment of its target.
     *
     * @param resolved the defaults of all sections
     */
    private static void collect(String path, ConfigObject section, Config resolved, List<Entry> entries) {
        section.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, ConfigValue> entry) ->
                        entry.getValue().origin().lineNumber()))
                .forEach(entry -> {
                    String key = path + entry.getKey();
                    ConfigValue value = entry.getValue();
                    if (value instanceof ConfigObject child) {
                        collect(key + ".", child, resolved, entries);
                    } else {
                        entries.add(new Entry(
                                key,
                                resolved.getValue(key).render(ConfigRenderOptions.concise()),
                                meaning(value.origin().comments())));
                    }
                });
    }

    private static String meaning(List<String> comments) {
        return String.join(" ", comments.stream().map(String::trim).toList());
    }
}
