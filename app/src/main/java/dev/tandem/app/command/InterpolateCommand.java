package dev.tandem.app.command;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.translate.CheckpointModel;
import dev.tandem.datasets.translate.GifFrames;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.GifEncoder;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "interpolate",
        description = {
            "Translate image files along a path through the latents, and write an animated GIF.",
            "The inputs are above and their translations below. In each frame, all images have the same latent."
        },
        footer = {
            "",
            "Examples:",
            "  tandem interpolate --checkpoint checkpoints --out path.gif drawing.png",
            "  tandem interpolate --checkpoint checkpoints --out path.gif \\",
            "    --style red.png --style blue.png drawing.png"
        })
final class InterpolateCommand implements Callable<Integer> {
    private static final int MAX_FRAMES = 1000;
    private static final int MAX_STOPS = 100;
    private static final int MIN_DELAY_MILLIS = 20;
    private static final int MAX_DELAY_MILLIS = 10_000;

    @Mixin
    private CommandOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Mixin
    private SettingsOptions options;

    @Option(
            names = "--frames",
            defaultValue = "48",
            paramLabel = "F",
            description =
                    "Number of frames, 2 to 1000. The path returns to the first frame. Default: ${DEFAULT-VALUE}.")
    private int frames;

    @Option(
            names = "--stops",
            defaultValue = "4",
            paramLabel = "N",
            description = "Number of random latents on the path, 2 to 100. Default: ${DEFAULT-VALUE}.")
    private int stops;

    @Mixin
    private LatentSeedOption latents;

    @Option(
            names = "--style",
            paramLabel = "B.png",
            description = "Use the latent of this image of the B side as a stop, instead of random latents. Repeat it"
                    + " for each stop.")
    private List<Path> styles = List.of();

    @Option(
            names = "--latent",
            paramLabel = "Z",
            description = "Use this latent, its numbers separated by commas, as a stop. Repeat it for each stop.")
    private List<String> given = List.of();

    @Option(
            names = "--delay",
            defaultValue = "80",
            paramLabel = "MS",
            description = "Milliseconds per frame, 20 to 10000. Default: ${DEFAULT-VALUE}.")
    private int delay;

    @Option(names = "--out", required = true, paramLabel = "FILE.gif", description = "File to write.")
    private Path out;

    @Mixin
    private ImageArguments images;

    @Override
    public Integer call() {
        UsageException.requireRange("--frames", frames, 2, MAX_FRAMES);
        UsageException.requireRange("--stops", stops, 2, MAX_STOPS);
        UsageException.requireRange("--delay", delay, MIN_DELAY_MILLIS, MAX_DELAY_MILLIS);
        UsageException.require(given.isEmpty() || styles.isEmpty(), "--latent and --style cannot be combined");
        List<Path> files = images.files();
        try (CheckpointModel opened = checkpoint.openModel(options)) {
            Tensor z = stops(opened);
            List<Path> valid = images.valid(files, opened, false, output);
            requireFittingCount(valid.size(), opened);
            ImageFiles.write(out, GifEncoder.encode(frames(opened, valid, z), delay));
            output.printResult(result(opened, z, files.size() - valid.size()));
            return 0;
        }
    }

    /** The stops are listed in JSON only, because a latent is long. */
    private Map<String, Object> result(CheckpointModel opened, Tensor z, int unusable) {
        Map<String, Object> result = new TreeMap<>(Map.of(
                "frames",
                frames,
                "unusable",
                unusable,
                "out",
                out.toString(),
                "checkpoint",
                opened.checkpoint().folder().toString()));
        if (output.isJson()) {
            result.put("model", opened.version());
            result.put("stops", CheckpointModel.numbers(z));
        }
        return result;
    }

    private Stream<BufferedImage> frames(CheckpointModel opened, List<Path> files, Tensor stopsOfPath) {
        Tensor path = Latents.closedPath(stopsOfPath, frames);
        List<BufferedImage> inputs =
                files.stream().map(opened.images()::inputImage).toList();
        Tensor sources = Tensor.stack(files.stream().map(opened.images()::input).toList());
        return IntStream.range(0, frames)
                .mapToObj(frame ->
                        GifFrames.draw(inputs, translations(opened.model(), sources, path.rows(frame, frame + 1))));
    }

    /** The latents on the path, (stops, L). */
    private Tensor stops(CheckpointModel opened) {
        if (opened.latentLength() == 0) {
            throw new UserError("this model has no latent (model.latent=0), so there is nothing to interpolate");
        }
        requireSeveral("--style", styles);
        requireSeveral("--latent", given);
        if (!given.isEmpty()) {
            return opened.parseLatents(given);
        }
        return styles.isEmpty() ? Latents.random(latents.seed(), stops, opened.latentLength()) : opened.encode(styles);
    }

    private static void requireSeveral(String option, List<?> values) {
        if (values.size() == 1) {
            throw new UserError(
                    option + " is given once, but a path needs at least two; repeat " + option + " for each stop");
        }
    }

    private static List<BufferedImage> translations(BicycleGan model, Tensor sources, Tensor z) {
        int count = sources.shape().batch();
        Tensor translated = model.translate(sources, Tensor.stack(Collections.nCopies(count, z)));
        return IntStream.range(0, count)
                .mapToObj(i -> Images.image(translated.rows(i, i + 1)))
                .toList();
    }

    private static void requireFittingCount(int count, CheckpointModel opened) {
        int max = GifFrames.maxImages(opened.settings().model().imageSize().width());
        if (count > max) {
            throw new UserError("a GIF has room for " + max + " images of this model's size, but " + count
                    + " are given; give fewer images");
        }
    }
}
