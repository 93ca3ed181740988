package dev.tandem.app.command;

import dev.tandem.app.console.Progress;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Datasets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dataset",
        description = "Write a data set of image pairs: train/ and val/ with A|B images, and manifest.json.",
        footer = {"", "Example:", "  tandem dataset openmoji --size 64 --out openmoji"})
final class DatasetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOutput output;

    @Parameters(paramLabel = "openmoji|shapes", description = "Which data set.")
    private String name;

    @Option(
            names = "--size",
            defaultValue = "64",
            paramLabel = "S",
            description = "Side of A and of B in pixels, 8 to 2048. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write to.")
    private Path out;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N pairs.")
    private Optional<Integer> limit = Optional.empty();

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "S",
            description = "Decides the split and, for shapes, the drawings. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        if (size < 8 || size > 2048) {
            throw new ParameterException(spec.commandLine(), "--size is " + size + ", but must be 8 to 2048");
        }
        Dataset dataset = Datasets.named(name, seed);
        List<Dataset.Example> examples = dataset.examples().stream()
                .limit(limit.orElse(Integer.MAX_VALUE))
                .toList();
        try (ProgressBar bar = Progress.bar(name, "pairs", examples.size())) {
            Map<String, Object> result =
                    new TreeMap<>(new DatasetWriter(out, size, seed).write(dataset, examples, example -> bar.step()));
            result.put("out", out.toString());
            output.print(spec.commandLine().getOut(), result);
        }
        return 0;
    }
}
