package dev.tandem.app.command;

import com.typesafe.config.Config;
import dev.tandem.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What all measurements have in common. */
final class BenchOptions {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings;

    @Option(names = "--preset", paramLabel = "paper|seed", description = "Short for --set model.preset=...")
    private Optional<String> preset = Optional.empty();

    @Option(names = "--size", paramLabel = "S", description = "Short for --set model.image-size=...")
    private Optional<String> size = Optional.empty();

    @Option(names = "--runs", defaultValue = "10", description = "Runs to measure. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--warm-up", defaultValue = "3", description = "Runs before that. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    Settings settings(List<String> defaults) {
        return settings.settings(all(defaults));
    }

    Config config(List<String> defaults) {
        return settings.config(all(defaults));
    }

    int runs() {
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs is " + runs + ", but must be at least 1");
        }
        return runs;
    }

    int warmUp() {
        if (warmUp < 0) {
            throw new ParameterException(spec.commandLine(), "--warm-up is " + warmUp + ", but must be at least 0");
        }
        return warmUp;
    }

    private List<String> all(List<String> defaults) {
        List<String> all = new ArrayList<>(defaults);
        preset.ifPresent(name -> all.add("model.preset=" + name));
        size.ifPresent(side -> all.add("model.image-size=" + side));
        return all;
    }
}
