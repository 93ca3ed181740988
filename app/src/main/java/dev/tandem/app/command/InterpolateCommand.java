package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.GifEncoder;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import java.awt.Color;
import java.awt.Graphics2D;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "interpolate",
        description = {
            "Translate image files along a way through the latents, and write it as an animated GIF: the inputs above,",
            "their translations below, all with the same latent at the same time."
        },
        footer = {
            "",
            "Examples:",
            "  tandem interpolate --checkpoint checkpoints --out way.gif drawing.png",
            "  tandem interpolate --checkpoint checkpoints --style red.png --style blue.png --out way.gif drawing.png"
        })
final class InterpolateCommand implements Callable<Integer> {
    private static final int MOST_FRAMES = 1000;
    private static final int MOST_STOPS = 100;
    private static final int BORDER = 2;
    private static final int WIDEST_GIF = 65_535;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Option(
            names = "--frames",
            defaultValue = "48",
            paramLabel = "F",
            description = "Frames, 2 to 1000, there and back to the first. Default: ${DEFAULT-VALUE}.")
    private int frames;

    @Option(
            names = "--stops",
            defaultValue = "4",
            paramLabel = "N",
            description = "Latents that are drawn and visited, 2 to 100. Default: ${DEFAULT-VALUE}.")
    private int stops;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Seed of those latents. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--style",
            paramLabel = "B.png",
            description = "Visit the latent of this picture of the B side instead; repeat it for each stop.")
    private List<Path> styles = List.of();

    @Option(
            names = "--delay",
            defaultValue = "80",
            paramLabel = "MS",
            description = "Milliseconds a frame is shown, 20 to 10000. Default: ${DEFAULT-VALUE}.")
    private int delay;

    @Option(names = "--out", required = true, paramLabel = "FILE.gif", description = "File to write.")
    private Path out;

    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Images, and folders of them.")
    private List<Path> images;

    @Override
    public Integer call() {
        require("--frames", frames, 2, MOST_FRAMES);
        require("--stops", stops, 2, MOST_STOPS);
        require("--delay", delay, 20, 10_000);
        List<Path> files = ImageFiles.find(images);
        Checkpoint opened = checkpoint.open();
        ModelImages pictures = new ModelImages(Settings.ofProvenance(opened.settings()));
        refuseTooWide(files, pictures.settings().model().imageSize().width());
        try (BicycleGan model = CheckpointOption.model(opened)) {
            Tensor path = Latents.closedPath(visited(model, pictures), frames);
            List<BufferedImage> inputs = files.stream().map(pictures::image).toList();
            Tensor sources = Tensor.stack(files.stream().map(pictures::input).toList());
            Stream<BufferedImage> drawn = IntStream.range(0, frames)
                    .mapToObj(frame -> joined(inputs, translations(model, sources, path.rows(frame, frame + 1))));
            ImageFiles.write(out, GifEncoder.encode(drawn, delay));
        }
        output.print(
                spec.commandLine().getOut(),
                new TreeMap<>(Map.of(
                        "frames", frames,
                        "out", out.toString(),
                        "checkpoint", opened.folder().toString())));
        return 0;
    }

    /** (stops, L) */
    private Tensor visited(BicycleGan model, ModelImages pictures) {
        if (model.latents(1).channels() == 0 || styles.size() == 1) {
            throw new UserError(
                    styles.isEmpty()
                            ? "this model has no latent, so there is no way to go"
                            : "one --style is no way to go; give it twice or more");
        }
        return styles.isEmpty()
                ? Latents.drawn(seed, stops, model.latents(1).channels())
                : CheckpointOption.styles(model, pictures, styles);
    }

    private static List<BufferedImage> translations(BicycleGan model, Tensor sources, Tensor z) {
        int count = sources.shape().batch();
        Tensor translated = model.translate(sources, Tensor.stack(Collections.nCopies(count, z)));
        return IntStream.range(0, count)
                .mapToObj(i -> Images.image(translated.rows(i, i + 1)))
                .toList();
    }

    private static void refuseTooWide(List<Path> files, int width) {
        int most = (WIDEST_GIF + BORDER) / (width + BORDER);
        if (files.size() > most) {
            throw new UserError("a GIF of this model's size has room for " + most + " images, not for " + files.size());
        }
    }

    private static BufferedImage joined(List<BufferedImage> above, List<BufferedImage> below) {
        int width = above.get(0).getWidth();
        int height = above.get(0).getHeight();
        BufferedImage joined = new BufferedImage(
                above.size() * (width + BORDER) - BORDER, 2 * height + BORDER, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = joined.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, joined.getWidth(), joined.getHeight());
        for (int i = 0; i < above.size(); i++) {
            graphics.drawImage(above.get(i), i * (width + BORDER), 0, null);
            graphics.drawImage(below.get(i), i * (width + BORDER), height + BORDER, null);
        }
        graphics.dispose();
        return joined;
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + ", but must be " + least + " to " + most);
        }
    }
}
