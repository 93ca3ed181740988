package dev.tandem.app.command;

import com.typesafe.config.Config;
import dev.tandem.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every measurement: settings, number of runs, warm-up. */
final class BenchOptions {
    @Mixin
    private SettingsOptions options;

    @Option(names = "--preset", paramLabel = "tandem|paper|seed", description = "Short for --set model.preset=...")
    private Optional<String> preset = Optional.empty();

    @Option(names = "--size", paramLabel = "S", description = "Short for --set model.image-size=...")
    private Optional<String> size = Optional.empty();

    @Option(
            names = "--engine",
            paramLabel = "nd4j|libtorch|onnxruntime",
            description = "Engine of the measured model. Default: the one that the settings choose.")
    private Optional<String> engine = Optional.empty();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of measured runs. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of runs before the measured ones. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    /** @param defaults assignments {@code key=value} that the user's options override */
    Settings settings(List<String> defaults) {
        return options.settings(withShortOptions(defaults));
    }

    /** The same settings as one configuration, together with the block {@code pekko}. */
    Config config(List<String> defaults) {
        return options.config(withShortOptions(defaults));
    }

    int runs() {
        UsageException.requireAtLeast("--runs", runs, 1);
        return runs;
    }

    int warmUp() {
        UsageException.requireAtLeast("--warm-up", warmUp, 0);
        return warmUp;
    }

    /** @throws UsageException if an engine is given, because the measurement uses none */
    void requireNoEngine() {
        UsageException.require(engine.isEmpty(), "--engine has no effect here, because no model is used; remove it");
    }

    /** @throws UsageException if the engine is one that cannot train */
    void requireTraining() {
        UsageException.require(
                engine.map(BenchOptions::trains).orElse(true),
                "--engine onnxruntime cannot train; use nd4j or libtorch");
    }

    private static boolean trains(String engine) {
        return !engine.equalsIgnoreCase("onnxruntime");
    }

    private List<String> withShortOptions(List<String> defaults) {
        List<String> all = new ArrayList<>(defaults);
        preset.ifPresent(name -> all.add("model.preset=" + name));
        size.ifPresent(side -> all.add("model.image-size=" + side));
        engine.ifPresent(name -> all.addAll(
                trains(name)
                        ? List.of("model.engine=" + name, "translate.engine=model")
                        : List.of("translate.engine=" + name)));
        return all;
    }
}
