package dev.tandem.app.command;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.translate.CheckpointModel;
import dev.tandem.datasets.translate.FileTranslator;
import dev.tandem.datasets.translate.FileTranslator.Written;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "translate",
        description = {
            "Translate image files with a checkpoint, without Kafka.",
            "The translations of NAME.png are NAME-1.png, NAME-2.png, ..."
        },
        footer = {"", "Example:", "  tandem translate --checkpoint checkpoints --samples 5 --out out drawing.png"})
final class TranslateCommand implements Callable<Integer> {
    private static final int DEFAULT_SAMPLES = 5;
    private static final int MAX_SAMPLES = 1000;

    @Mixin
    private CommandOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Mixin
    private SettingsOptions options;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Translations per image, 1 to 1000. Default: 5; 1 with --latent or --style.")
    private Optional<Integer> samples = Optional.empty();

    @Mixin
    private LatentSeedOption latents;

    @Option(
            names = "--latent",
            paramLabel = "Z",
            description =
                    "Use this latent: its numbers, separated by commas. --json prints the latents of translations,"
                            + " and the PNGs contain them.")
    private Optional<String> latent = Optional.empty();

    @Option(names = "--style", paramLabel = "B.png", description = "Use the latent of this image of the B side.")
    private Optional<Path> style = Optional.empty();

    @Option(names = "--sync", description = "Use the same random latents for every image.")
    private boolean sync;

    @Option(names = "--only-a", description = "The images are pairs: translate half A of each.")
    private boolean onlyA;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the translations.")
    private Path out;

    @Mixin
    private ImageArguments images;

    @Override
    public Integer call() {
        UsageException.require(latent.isEmpty() || style.isEmpty(), "--latent and --style cannot be combined");
        int count = samples.orElse(latent.isEmpty() && style.isEmpty() ? DEFAULT_SAMPLES : 1);
        UsageException.requireRange("--samples", count, 1, MAX_SAMPLES);
        List<Path> files = images.files();
        FileTranslator.requireDistinctNames(files);
        try (CheckpointModel opened = checkpoint.openModel(options)) {
            Optional<Tensor> given = givenLatent(opened);
            List<Path> valid = images.valid(files, opened, onlyA, output);
            ImageFiles.createFolder(out);
            FileTranslator translator = new FileTranslator(opened, out, onlyA, count);
            List<Written> written = given.map(z -> translator.withLatent(valid, z))
                    .orElseGet(() -> translator.withRandomLatents(valid, latents.seed(), sync));
            output.printResult(result(opened, written, files.size() - valid.size()));
            return 0;
        }
    }

    /** The latent of {@code --style} or {@code --latent}, (1, L). */
    private Optional<Tensor> givenLatent(CheckpointModel opened) {
        return style.map(file -> opened.encode(List.of(file)))
                .or(() -> latent.map(text -> opened.parseLatents(List.of(text))));
    }

    /** The samples are listed in JSON only, because a latent is long. */
    private Map<String, Object> result(CheckpointModel opened, List<Written> written, int unusable) {
        Map<String, Object> result = new TreeMap<>(Map.of(
                "translations", written.size(),
                "unusable", unusable,
                "out", out.toString(),
                "checkpoint", opened.checkpoint().folder().toString()));
        if (output.isJson()) {
            result.put("model", opened.version());
            result.put("samples", written);
        }
        return result;
    }
}
