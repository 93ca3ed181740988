package dev.tandem.app.command;

import dev.tandem.app.console.Progress;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.datasets.translate.CheckpointModel;
import dev.tandem.evaluation.Evaluation;
import dev.tandem.evaluation.data.FolderTranslations;
import dev.tandem.evaluation.data.ModelTranslations;
import dev.tandem.evaluation.data.TestSet;
import dev.tandem.evaluation.data.TestSetReader;
import dev.tandem.evaluation.data.Translations;
import dev.tandem.evaluation.feature.Features;
import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.feature.RandomNetwork;
import dev.tandem.evaluation.report.Report;
import dev.tandem.evaluation.report.ReportWriter;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.CheckpointStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "evaluate",
        description = "Measure how faithful, diverse and realistic translations of held-out images are, and how many of"
                + " the correct outputs they cover.",
        footer = {
            "",
            "Examples:",
            "  tandem evaluate --checkpoint demo/checkpoints --data openmoji",
            "  tandem evaluate --checkpoint checkpoints --data facades/val \\",
            "    --features inception.onnx"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final int MAX_SAMPLES = 1000;

    @Mixin
    private CommandOutput output;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    /** What is evaluated: a model or finished translations; picocli sets exactly one of them. */
    private static final class Subject {
        @Option(
                names = "--checkpoint",
                paramLabel = "DIR",
                description = CheckpointOption.MEANING
                        + " Of --config and --set, only images.*, translate.engine, and engine, device and"
                        + " precision of the model apply.")
        private Path checkpoint;

        @Option(
                names = "--translations",
                paramLabel = "DIR",
                description = "Translations by another program: NAME-1.png, NAME-2.png, ... for each NAME.png of the"
                        + " data.")
        private Path translations;
    }

    @Mixin
    private SettingsOptions options;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "openmoji|shapes|DIR",
            description =
                    "Held-out pairs: a data set, a folder written by `tandem dataset` (its part val/ is used), or a"
                            + " folder of A|B images.")
    private String data;

    @Option(
            names = "--inputs",
            defaultValue = "100",
            paramLabel = "N",
            description = "Maximum number of inputs, 2 or more. Half of them have several correct outputs, if possible."
                    + " Default: ${DEFAULT-VALUE}.")
    private int inputs;

    @Option(
            names = "--samples",
            defaultValue = "30",
            paramLabel = "N",
            description = "Translations per input, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Mixin
    private LatentSeedOption latents;

    @Mixin
    private MetricNetworkOptions networks;

    @Mixin
    private SkipUnusableOption invalid;

    @Option(
            names = "--out",
            defaultValue = "evaluation-report",
            paramLabel = "DIR",
            description = "Folder for the report. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Override
    public Integer call() {
        UsageException.requireAtLeast("--inputs", inputs, 2);
        UsageException.requireRange("--samples", samples, 1, MAX_SAMPLES);
        InvalidFiles invalidFiles = invalid.invalidFiles(output, "; nothing was written");
        Report report = Optional.ofNullable(subject.checkpoint)
                .map(folder -> evaluateModel(folder, invalidFiles))
                .orElseGet(() -> evaluateFolder(subject.translations, invalidFiles));
        new ReportWriter(out).write(report);
        print(report, invalidFiles.skipped());
        return 0;
    }

    private Report evaluateModel(Path folder, InvalidFiles invalidFiles) {
        try (CheckpointModel opened =
                CheckpointModel.open(CheckpointStore.openNewest(folder), options.configForCheckpoint())) {
            TestSet set = new TestSetReader(opened.settings(), invalidFiles)
                    .read(data)
                    .subset(inputs);
            BicycleGan model = opened.model();
            String origin =
                    opened.checkpoint().folder() + ", " + model.pairs() + " pairs; latents by seed " + latents.seed();
            Translations translations = new ModelTranslations(model, origin, samples, latents.seed());
            return evaluate(
                    set, opened.settings(), translations, Optional.of(model).filter(BicycleGan::hasEncoder));
        }
    }

    private Report evaluateFolder(Path folder, InvalidFiles invalidFiles) {
        if (!Files.isDirectory(folder)) {
            throw new UserError("there is no folder " + folder + "; set --translations to an existing folder");
        }
        String size = FolderTranslations.imageSize(folder, options.settings());
        Settings settings = options.settings(List.of("model.image-size=" + size));
        TestSet set = new TestSetReader(settings, invalidFiles).read(data).subset(inputs);
        FolderTranslations translations = new FolderTranslations(folder, new ModelImages(settings), samples);
        return evaluate(translations.validInputs(set, invalidFiles), settings, translations, Optional.empty());
    }

    private Report evaluate(TestSet set, Settings settings, Translations translations, Optional<BicycleGan> encoder) {
        ImageFiles.createFolder(out);
        try (RandomNetwork random = new RandomNetwork(settings.model().outputChannels());
                Features features = networks.features(random);
                PerceptualDistance distance = networks.distance(random);
                ProgressBar bar =
                        Progress.bar("evaluate", "inputs", set.inputs().size())) {
            return new Evaluation(set, translations, encoder, features, distance).run(bar::step);
        }
    }

    private void print(Report report, int skipped) {
        if (output.isJson()) {
            Map<String, Object> result = new LinkedHashMap<>(report.values());
            result.put("unusable", skipped);
            result.put("out", out.toString());
            output.printResult(result);
        } else {
            ReportWriter.lines(report).forEach(output::printLine);
            output.printMessage("the report is " + out.resolve("report.html"));
        }
    }
}
