package dev.tandem.bench;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of bench/inference. Wrong usage ends with one line and exit code 2. */
@Command(
        name = "bench/inference",
        description =
                "Compares the engines that translate on the CPU, in turns and with equal threads: ONNX Runtime on the"
                        + " exported file, the engine on ONNX Runtime, and the engine of the model. Then measures the"
                        + " memory of a process that only translates, for each engine (Linux only).")
final class InferenceCommand implements Callable<Integer> {
    private static final String DEFAULT = "Default: ${DEFAULT-VALUE}.";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(names = "--json", description = "Print one line of JSON instead of tables.")
    private boolean json;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "9", description = "Measured rounds. " + DEFAULT)
    private int rounds;

    /** The script reads it, because it must be in the environment of this process. */
    @Option(names = "--threads", paramLabel = "N", description = "Threads of each engine. Default: one per processor.")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--presets", split = ",", defaultValue = "paper,seed", description = "model.preset. " + DEFAULT)
    private List<String> presets;

    @Option(names = "--sizes", split = ",", defaultValue = "128,256", description = "model.image-size. " + DEFAULT)
    private List<String> sizes;

    @Option(names = "--batches", split = ",", defaultValue = "1,16", description = "Images per translation. " + DEFAULT)
    private List<Integer> batches;

    @Option(names = "--width", paramLabel = "N", defaultValue = "64", description = "model.width. " + DEFAULT)
    private int width;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new InferenceCommand()).setParameterExceptionHandler((wrong, arguments) -> {
            wrong.getCommandLine().getErr().println("bench/inference: " + wrong.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
    }

    @Override
    public Integer call() throws Exception {
        requireAtLeastOne("--rounds", List.of(rounds));
        requireAtLeastOne("--threads", threads.stream().toList());
        requireAtLeastOne("--batches", batches);
        List<Settings> models = presets.stream()
                .flatMap(preset -> sizes.stream().map(size -> settings(preset, size)))
                .toList();
        List<InferenceResults> results = new ArrayList<>();
        for (Settings model : models) {
            results.add(new InferenceBench(model, batches, rounds).run());
        }
        InferenceResults all = InferenceResults.concat(results);
        spec.commandLine().getOut().println(json ? all.json() : all.markdown());
        return CommandLine.ExitCode.OK;
    }

    private void requireAtLeastOne(String option, List<Integer> values) {
        if (values.stream().anyMatch(value -> value < 1)) {
            throw wrong(option + " is " + values + ", but must be at least 1");
        }
    }

    private Settings settings(String preset, String size) {
        try {
            return SettingsLoader.load(
                    Optional.empty(),
                    List.of(
                            "model.preset=" + preset,
                            "model.image-size=" + size,
                            "model.width=" + width,
                            "model.device=cpu"));
        } catch (SettingsException e) {
            throw wrong(e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
