package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Layers the settings: {@code --set} over {@code --config} over the preset over {@code reference.conf}. */
public final class SettingsLoader {
    private static final String ROOT = "tandem";
    private static final String PRESET = "model.preset";
    private static final Set<String> ROOTS = Set.of(ROOT, "pekko");

    private SettingsLoader() {}

    /**
     * Reads the settings.
     *
     * @param assignments {@code key=value} each; the root {@code tandem.} may be left out
     * @throws SettingsException one line for the user
     */
    public static Settings load(Optional<Path> file, List<String> assignments) {
        return Settings.from(resolve(file, assignments).getConfig(ROOT)).withRoomForTranslations();
    }

    /** The same layers as one config, for what else is configured there (the block {@code pekko}). */
    public static Config resolve(Optional<Path> file, List<String> assignments) {
        Config given = assigned(assignments)
                .withFallback(file.map(SettingsLoader::parse).orElse(ConfigFactory.empty()));
        refuseUnknownRoots(given);
        if (given.hasPath(ROOT)) {
            KnownKeys.refuseUnknown(given.getConfig(ROOT), reference());
        }
        Config chosen =
                ConfigFactory.defaultOverrides().withFallback(given).withFallback(ConfigFactory.defaultApplication());
        return chosen.withFallback(presetOf(chosen))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    /** What the preset that was chosen changes in the defaults. */
    private static Config presetOf(Config chosen) {
        Config resolved = chosen.withFallback(ConfigFactory.defaultReference()).resolve();
        String preset = resolved.getString(ROOT + "." + PRESET).toLowerCase(Locale.ROOT);
        return ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "presets/" + preset + ".conf");
    }

    static Config reference() {
        return ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "reference.conf")
                .resolve()
                .getConfig(ROOT);
    }

    /** Lays the preset's and the general defaults under settings without their root. */
    static Config completed(Config kept) {
        Config rooted = kept.atPath(ROOT);
        return rooted.withFallback(presetOf(rooted)).getConfig(ROOT).withFallback(reference());
    }

    private static void refuseUnknownRoots(Config given) {
        for (String root : given.root().keySet()) {
            RangeCheck.require(ROOTS.contains(root), "the settings file's block", '"' + root + '"', "one of " + ROOTS);
        }
    }

    private static Config parse(Path file) {
        if (!Files.isReadable(file)) {
            throw new SettingsException("cannot read the settings file " + file);
        }
        try {
            return ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
        } catch (ConfigException e) {
            throw new SettingsException("the settings file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static Config assigned(List<String> assignments) {
        Config config = ConfigFactory.empty();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new SettingsException("--set " + assignment + " is not of the form key=value");
            }
            config = config.withValue(
                    path(assignment.substring(0, equals).trim()),
                    ConfigValueFactory.fromAnyRef(
                            assignment.substring(equals + 1).trim(), "--set"));
        }
        return config;
    }

    private static String path(String key) {
        String root = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
        return ROOTS.contains(root) ? key : ROOT + "." + key;
    }
}
