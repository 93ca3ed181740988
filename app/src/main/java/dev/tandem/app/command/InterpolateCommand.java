package dev.tandem.app.command;

import dev.tandem.app.UserError;
import dev.tandem.app.io.ImageFiles;
import dev.tandem.app.io.ModelImages;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.pipeline.decode.Pictures;
import dev.tandem.pipeline.encode.GifEncoder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
        if (!styles.isEmpty() && !opened.networks().contains(Member.ENCODER.key())) {
            throw new UserError("checkpoint " + opened.folder() + " has no encoder to take styles from --style with");
        }
        ModelImages pictures = new ModelImages(Settings.ofProvenance(opened.settings()));
        try (BicycleGan model = CheckpointOption.model(opened)) {
            Tensor path = Latents.closedPath(visited(model, pictures), frames);
            List<Tensor> columns = new ArrayList<>();
            for (Path file : files) {
                columns.add(model.translate(Tensor.stack(Collections.nCopies(frames, pictures.input(file))), path));
            }
            List<BufferedImage> inputs = files.stream().map(pictures::picture).toList();
            ImageFiles.write(out, GifEncoder.encode(drawn(inputs, columns), delay));
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
        return styles.isEmpty()
                ? Latents.drawn(seed, stops, model.latents(1).channels())
                : model.encode(
                        Tensor.stack(styles.stream().map(pictures::output).toList()));
    }

    private List<BufferedImage> drawn(List<BufferedImage> inputs, List<Tensor> columns) {
        List<BufferedImage> drawn = new ArrayList<>();
        for (int frame = 0; frame < frames; frame++) {
            List<BufferedImage> translations = new ArrayList<>();
            for (Tensor column : columns) {
                translations.add(Pictures.picture(column.rows(frame, frame + 1)));
            }
            drawn.add(joined(inputs, translations));
        }
        return drawn;
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
