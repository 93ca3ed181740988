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

/** What {@code reference.conf} says of every setting. */
public final class SettingsReference {
    private SettingsReference() {}

    /**
     * One setting.
     *
     * @param value its default, as one would write it
     * @param meaning what the comment above it says; empty if the one above its neighbour is for both
     */
    public record Entry(String key, String value, String meaning) {}

    /** In the order of the file. */
    public static List<Entry> entries() {
        Config reference = ConfigFactory.parseResources(
                SettingsReference.class.getClassLoader(), "reference.conf", ConfigParseOptions.defaults());
        List<Entry> entries = new ArrayList<>();
        collect("", reference.getObject("tandem"), entries);
        return entries;
    }

    private static void collect(String path, ConfigObject block, List<Entry> entries) {
        block.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, ConfigValue> each) ->
                        each.getValue().origin().lineNumber()))
                .forEach(each -> {
                    String key = path + each.getKey();
                    if (each.getValue() instanceof ConfigObject inner) {
                        collect(key + ".", inner, entries);
                    } else {
                        entries.add(new Entry(
                                key,
                                each.getValue().render(ConfigRenderOptions.concise()),
                                meaning(each.getValue().origin().comments())));
                    }
                });
    }

    private static String meaning(List<String> comments) {
        return String.join(" ", comments.stream().map(String::trim).toList());
    }
}
