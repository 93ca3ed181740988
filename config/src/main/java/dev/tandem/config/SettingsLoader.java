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
 * --config}, {@code application.conf}, the checkpoint that a run resumes, the preset, {@code reference.conf}.
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
        return settings(resolve(file, assignments));
    }

    /**
     * Reads the settings of a run from its merged layers.
     *
     * @throws SettingsException if a value is invalid
     */
    public static Settings settings(Config resolved) {
        return Settings.from(resolved.getConfig(ROOT)).requireRoomForTranslations();
    }

    /**
     * Returns the checkpoint folder in merged layers whose other values may be invalid.
     *
     * @throws SettingsException if the value is invalid
     */
    public static Path checkpointDirectory(Config resolved) {
        return CheckpointSettings.from(resolved.getConfig(ROOT)).directory();
    }

    /** Returns Tandem's values in merged layers as text, by dotted key without {@code tandem.}. */
    public static Map<String, String> texts(Config resolved) {
        return KnownKeys.flatten(resolved.getConfig(ROOT));
    }

    /** Returns the merged layers as one config, including the section {@code pekko}. */
    public static Config resolve(Optional<Path> file, List<String> assignments) {
        return resolve(file, assignments, Map.of());
    }

    /**
     * Returns the merged layers of a run that resumes from a checkpoint, as one config.
     *
     * @param resumed values of the checkpoint by dotted key. They apply where no other layer but the preset and {@code
     *     reference.conf} has a value, and not at all if another layer chooses another preset.
     */
    public static Config resolve(Optional<Path> file, List<String> assignments, Map<String, String> resumed) {
        Config given = parseAssignments(assignments)
                .withFallback(file.map(SettingsLoader::parseFile).orElse(ConfigFactory.empty()));
        if (given.hasPath(ROOT)) {
            KnownKeys.requireKnown(given.getConfig(ROOT), reference());
        }
        Config user =
                ConfigFactory.defaultOverrides().withFallback(given).withFallback(ConfigFactory.defaultApplication());
        Config saved = ConfigFactory.parseMap(resumed, "checkpoint").atPath(ROOT);
        Config chosen = preset(user.withFallback(saved)).equals(preset(saved)) ? user.withFallback(saved) : user;
        return chosen.withFallback(presetDefaults(chosen))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
    }

    /** Returns the defaults of the preset that {@code chosen} selects. */
    private static Config presetDefaults(Config chosen) {
        return ConfigFactory.parseResources(
                SettingsLoader.class.getClassLoader(), "presets/" + preset(chosen) + ".conf");
    }

    private static String preset(Config chosen) {
        return chosen.withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getString(ROOT + "." + PRESET)
                .toLowerCase(Locale.ROOT);
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
        return rooted.withFallback(presetDefaults(rooted))
                .withFallback(reference().atPath(ROOT))
                .resolve()
                .getConfig(ROOT);
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
