package dev.tandem.app.command;

import com.typesafe.config.Config;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.ResumedNetworks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The settings of a command: options {@code --config} and {@code --set}.
 *
 * <p>The field of a file is not an Optional, because shells complete file names for options of type {@link Path} only.
 */
final class SettingsOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file in HOCON, like reference.conf.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, for example train.batch-size=16. Repeatable.")
    private List<String> assignments = new ArrayList<>();

    Settings settings() {
        return settings(List.of());
    }

    /** @param defaults assignments {@code key=value} that the user's options override */
    Settings settings(List<String> defaults) {
        return SettingsLoader.load(file(), withDefaults(defaults));
    }

    /** @param overrides assignments {@code key=value} that override the user's options */
    Settings settingsWith(List<String> overrides) {
        List<String> all = new ArrayList<>(assignments);
        all.addAll(overrides);
        return SettingsLoader.load(file(), all);
    }

    /** The same settings as one configuration, together with the block {@code pekko}. */
    Config config(List<String> defaults) {
        return SettingsLoader.resolve(file(), withDefaults(defaults));
    }

    /** The configuration of a run, which resumes from the newest checkpoint in {@code checkpoint.directory}. */
    Config configOfRun() {
        return ResumedNetworks.resolve(file(), assignments);
    }

    /** The configuration of a command that takes model and training from a checkpoint. */
    Config configForCheckpoint() {
        assignments.stream()
                .map(assignment -> assignment.split("=")[0].trim().replaceFirst("^tandem\\.", ""))
                .filter(key -> !Settings.appliesToCheckpoints(key))
                .forEach(key -> command.commandLine()
                        .getErr()
                        .println("--set " + key + " has no effect: the checkpoint's value applies"));
        return config(List.of());
    }

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    List<String> assignments() {
        return List.copyOf(assignments);
    }

    private List<String> withDefaults(List<String> defaults) {
        List<String> all = new ArrayList<>(defaults);
        all.addAll(assignments);
        return all;
    }
}
