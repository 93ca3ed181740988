package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Loads the settings from their layers. The first layer that has a key wins: system properties, {@code --set}, {@code
 * --config}, {@code application.conf}, the preset, {@code reference.conf}.
 */
public final class SettingsLoader {
    private static final String ROOT = "tandem";
    private static final String PRESET = "model.preset";
    private static final String PEKKO = "pekko";
    private static final List<String> ROOTS = List.of(ROOT, PEKKO);

    private SettingsLoader() {}

    /**
     * Loads the settings of a run.
     *
     * @param file the file given by {@code --config}; the prefix {@code tandem.} of its keys is optional
     * @param assignments the values given by {@code --set}, {@code key=value} each; the prefix {@code tandem.} is optional
     * @throws SettingsException if a file, key or value is invalid
     */
    public static Settings load(Optional<Path> file, List<String> assignments) {
        return Settings.from(resolve(file, assignments).getConfig(ROOT)).requireRoomForTranslations();
    }

    /** Returns the merged layers as one config, including the section {@code pekko}. */
    public static Config resolve(Optional<Path> file, List<String> assignments) {
        Config given = parseAssignments(assignments)
                .withFallback(file.map(SettingsLoader::parseFile).orElse(ConfigFactory.empty()));
        if (given.hasPath(ROOT)) {
            KnownKeys.requireKnown(given.getConfig(ROOT), reference());
        }
        Config chosen =
                ConfigFactory.defaultOverrides().withFallback(given).withFallback(ConfigFactory.defaultApplication());
        return chosen.withFallback(presetDefaults(chosen))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
    }

    /** Returns the defaults of the preset that {@code chosen} selects. */
    private static Config presetDefaults(Config chosen) {
        Config resolved =
                chosen.withFallback(ConfigFactory.defaultReferenceUnresolved()).resolve();
        String preset = resolved.getString(ROOT + "." + PRESET).toLowerCase(Locale.ROOT);
        return ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "presets/" + preset + ".conf");
    }

    static Config reference() {
        return ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "reference.conf")
                .resolve()
                .getConfig(ROOT);
    }

    /**
     * Adds the defaults of the preset and of {@code reference.conf}.
     *
     * @param section values of the section {@code tandem}
     */
    static Config withDefaults(Config section) {
        Config rooted = section.atPath(ROOT);
        return rooted.withFallback(presetDefaults(rooted)).getConfig(ROOT).withFallback(reference());
    }

    private static Config parseFile(Path file) {
        if (!Files.isReadable(file)) {
            throw new SettingsException("cannot read the settings file " + file);
        } else if (!Files.isRegularFile(file)) {
            // The file is read several times. A pipe would be empty, or would wait, the second time.
            throw new SettingsException("the settings file " + file + " is not a regular file");
        }
        try {
            Config parsed = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
            return withRoots(file, parsed);
        } catch (ConfigException e) {
            throw new SettingsException("cannot parse the settings file " + file + ": " + e.getMessage());
        }
    }

    /** Adds the prefix {@code tandem.} to the keys that have no root. */
    private static Config withRoots(Path file, Config parsed) {
        Config rooted = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> entry : parsed.entrySet()) {
            String key = rooted(entry.getKey());
            if (rooted.hasPath(key)) {
                throw new SettingsException("the settings file " + file + " sets " + key
                        + " twice, with and without the prefix " + ROOT + ".; remove one of them");
            }
            rooted = rooted.withValue(key, entry.getValue());
        }
        return rooted;
    }

    /** A quoted key of Tandem is a path too, as in a JSON file. Pekko has names with dots. */
    private static String rooted(String key) {
        List<String> names = ConfigUtil.splitPath(key);
        return names.get(0).equals(PEKKO)
                ? key
                : path(ConfigUtil.joinPath(List.of(String.join(".", names).split("\\."))));
    }

    private static Config parseAssignments(List<String> assignments) {
        Config config = ConfigFactory.empty();
        for (String assignment : assignments) {
            int separator = assignment.indexOf('=');
            if (separator <= 0) {
                throw new SettingsException("--set " + assignment + " is not of the form key=value");
            }
            config = config.withValue(
                    path(assignment.substring(0, separator).trim()),
                    ConfigValueFactory.fromAnyRef(
                            assignment.substring(separator + 1).trim(), "--set"));
        }
        return config;
    }

    private static String path(String key) {
        String root = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
        return ROOTS.contains(root) ? key : ROOT + "." + key;
    }
}
