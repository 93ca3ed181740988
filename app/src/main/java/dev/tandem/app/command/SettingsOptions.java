package dev.tandem.app.command;

import com.typesafe.config.Config;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which a command takes settings. */
final class SettingsOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Settings file; reference.conf has every key.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, for instance train.batch-size=16; may be repeated.")
    private List<String> assignments = new ArrayList<>();

    /** @param defaults assignments that hold where the user says nothing */
    Settings settings(List<String> defaults) {
        return SettingsLoader.load(Optional.ofNullable(file), all(defaults));
    }

    Config config(List<String> defaults) {
        return SettingsLoader.resolve(Optional.ofNullable(file), all(defaults));
    }

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    List<String> assignments() {
        return List.copyOf(assignments);
    }

    private List<String> all(List<String> defaults) {
        List<String> all = new ArrayList<>(defaults);
        all.addAll(assignments);
        return all;
    }
}
