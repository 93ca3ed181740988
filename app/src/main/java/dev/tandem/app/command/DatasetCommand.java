package dev.tandem.app.command;

import dev.tandem.app.console.Progress;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Datasets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dataset",
        description = "Write a data set: A|B images in the folders train/ and val/, and manifest.json.",
        footer = {"", "Example:", "  tandem dataset openmoji --size 64 --out openmoji"})
final class DatasetCommand implements Callable<Integer> {
    private static final int MIN_SIZE = 8;
    private static final int MAX_SIZE = 2048;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "openmoji|shapes", description = "The data set.")
    private String name;

    @Option(
            names = "--size",
            defaultValue = "64",
            paramLabel = "S",
            description = "Side of A and of B in pixels, 8 to 2048. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write to.")
    private Path out;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Write only N pairs, one tenth of them to val/. Default: all pairs.")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "S",
            description = "Seed of the split into train/ and val/, and of the drawings of shapes. Default:"
                    + " ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        UsageException.requireRange("--size", size, MIN_SIZE, MAX_SIZE);
        UsageException.requireAtLeast("--limit", limit, 1);
        Dataset dataset = Datasets.named(name, seed);
        List<Dataset.Example> examples = dataset.first(limit, seed);
        Map<String, Object> result = new TreeMap<>(write(dataset, examples));
        result.put("out", out.toString());
        output.printResult(result);
        return 0;
    }

    /** Closes the bar before the result is printed. */
    private Map<String, Long> write(Dataset dataset, List<Dataset.Example> examples) {
        try (ProgressBar bar = Progress.bar(name, "pairs", examples.size())) {
            return new DatasetWriter(out, size, seed).write(dataset, examples, example -> bar.step());
        }
    }
}
