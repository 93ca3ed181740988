package dev.tandem.app.command;

import dev.tandem.app.console.Progress;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.evaluation.Evaluation;
import dev.tandem.evaluation.data.FolderTranslations;
import dev.tandem.evaluation.data.ModelTranslations;
import dev.tandem.evaluation.data.TestSet;
import dev.tandem.evaluation.data.TestSetReader;
import dev.tandem.evaluation.data.Translations;
import dev.tandem.evaluation.feature.Features;
import dev.tandem.evaluation.feature.OnnxNetwork;
import dev.tandem.evaluation.feature.OnnxNetwork.Range;
import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.feature.RandomNetwork;
import dev.tandem.evaluation.report.Report;
import dev.tandem.evaluation.report.ReportWriter;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import java.awt.image.BufferedImage;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        description = "Measure how faithful, diverse and realistic translations of held-out pictures are, "
                + "and how much of the truth they cover.",
        footer = {
            "",
            "Examples:",
            "  tandem evaluate --checkpoint demo/checkpoints --data openmoji",
            "  tandem evaluate --checkpoint checkpoints --data facades/val --features inception.onnx"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOutput output;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    /** Whose translations. */
    private static final class Subject {
        @Option(
                names = "--checkpoint",
                paramLabel = "DIR",
                description = "A checkpoint, or a folder of checkpoints, of which the newest is taken; its settings "
                        + "hold, whatever --set says.")
        private Path checkpoint;

        @Option(
                names = "--translations",
                paramLabel = "DIR",
                description = "Translations made elsewhere: NAME-1.png, NAME-2.png, ... for each NAME.png of the data.")
        private Path translations;
    }

    @Mixin
    private SettingsOptions options;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "openmoji|shapes|DIR",
            description = "Held-out pairs: a data set, what `dataset` has written (its val part), or A|B images.")
    private String data;

    @Option(
            names = "--inputs",
            defaultValue = "100",
            paramLabel = "N",
            description = "Inputs to translate, 2 or more, those with several true answers first. Default: "
                    + "${DEFAULT-VALUE}.")
    private int inputs;

    @Option(
            names = "--samples",
            defaultValue = "30",
            paramLabel = "N",
            description = "Translations of each input, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Seed of the latents. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--features",
            paramLabel = "FILE.onnx",
            description = "Network whose output is compared for `realistic`: a batch of pictures in, vectors out "
                    + "(Inception, say). Default: random convolutions, which need no file.")
    private Optional<Path> features = Optional.empty();

    @Option(
            names = "--perceptual",
            paramLabel = "FILE.onnx",
            description = "Network that says how much two pictures differ, for `diverse`: two inputs, one number out "
                    + "(LPIPS, say). Default: random convolutions.")
    private Optional<Path> perceptual = Optional.empty();

    @Option(
            names = "--range",
            defaultValue = "MINUS_ONE_TO_ONE",
            paramLabel = "RANGE",
            description = "What those files take black and white to be: ${COMPLETION-CANDIDATES}. Default: "
                    + "${DEFAULT-VALUE}.")
    private Range range;

    @Option(
            names = "--out",
            defaultValue = "evaluation",
            paramLabel = "DIR",
            description = "Folder for report.html and report.json. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Override
    public Integer call() {
        if (inputs < 2) {
            throw new ParameterException(spec.commandLine(), "--inputs is " + inputs + ", but must be at least 2");
        }
        if (samples < 1 || samples > 1000) {
            throw new ParameterException(spec.commandLine(), "--samples is " + samples + ", but must be 1 to 1000");
        }
        ImageFiles.createFolder(out);
        Report report = Optional.ofNullable(subject.checkpoint)
                .map(folder -> ofCheckpoint(CheckpointStore.openNewest(folder)))
                .orElseGet(() -> ofFolder(subject.translations));
        new ReportWriter(out).write(report);
        print(report);
        return 0;
    }

    private Report ofCheckpoint(Checkpoint checkpoint) {
        Settings settings = Settings.ofProvenance(checkpoint.settings());
        TestSet set = new TestSetReader(settings).read(data).subset(inputs);
        try (BicycleGan model = CheckpointOption.model(checkpoint)) {
            String origin = checkpoint.folder() + ", " + model.pairs() + " pairs; latents by seed " + seed;
            return report(
                    set,
                    settings,
                    new ModelTranslations(model, origin, samples, seed),
                    Optional.of(model).filter(BicycleGan::hasEncoder));
        }
    }

    private Report ofFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserError("there is no folder " + folder);
        }
        BufferedImage any = new ModelImages(options.settings(List.of()))
                .original(ImageFiles.find(List.of(folder)).get(0));
        Settings settings = options.settings(List.of("model.image-size=" + any.getHeight() + "x" + any.getWidth()));
        TestSetReader reader = new TestSetReader(settings);
        return report(
                reader.read(data).subset(inputs),
                settings,
                new FolderTranslations(folder, new ModelImages(settings), samples),
                Optional.empty());
    }

    private Report report(TestSet set, Settings settings, Translations translations, Optional<BicycleGan> encoder) {
        try (RandomNetwork random = new RandomNetwork(settings.model().outputChannels());
                Features vectors = features.<Features>map(file -> OnnxNetwork.features(file, range))
                        .orElse(random);
                PerceptualDistance distance = perceptual
                        .<PerceptualDistance>map(file -> OnnxNetwork.distance(file, range))
                        .orElse(random);
                ProgressBar bar =
                        Progress.bar("evaluate", "inputs", set.inputs().size())) {
            return new Evaluation(set, translations, encoder, vectors, distance).run(bar::step);
        }
    }

    private void print(Report report) {
        Map<String, Object> result = new LinkedHashMap<>(report.values());
        result.put("out", out.toString());
        if (output.wanted()) {
            output.print(spec.commandLine().getOut(), result);
        } else {
            ReportWriter.lines(report).forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getErr().println("see " + out.resolve("report.html"));
        }
    }
}
