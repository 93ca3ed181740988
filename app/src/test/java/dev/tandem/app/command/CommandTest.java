package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.Engines;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** Base class of tests that execute commands in this process, with a checkpoint of a small model. */
abstract class CommandTest {
    @TempDir
    protected Path folder;

    protected final StringWriter out = new StringWriter();
    protected final StringWriter err = new StringWriter();

    protected void checkpoint(String... assignments) {
        List<String> all = new ArrayList<>(
                List.of("model.width=4", "train.init.type=kaiming", "checkpoint.directory=" + folder.resolve("c")));
        all.addAll(List.of(assignments));
        Settings settings = SettingsLoader.load(Optional.empty(), all);
        try (BicycleGan model = BicycleGan.fresh(Engines.open(settings.model()), settings)) {
            model.save(CheckpointStore.open(settings.checkpoint()));
        }
    }

    protected Path image(String name, int index) {
        BufferedImage joined = Shapes.generate(1).examples().get(index).render(32);
        ImageFiles.write(folder.resolve(name), PngEncoder.encode(joined.getSubimage(0, 0, 32, 32)));
        return folder.resolve(name);
    }

    /** Noise, because a fresh encoder gives similar latents for all outlines on white. */
    protected Path noise(String name) {
        ImageFiles.write(folder.resolve(name), noise(32, 32));
        return folder.resolve(name);
    }

    protected byte[] bytes(String file) {
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected Path path(String name) {
        return folder.resolve(name);
    }

    protected void succeed(Object... arguments) {
        assertThat(execute(arguments)).as(err.toString()).isZero();
    }

    protected int execute(Object... arguments) {
        return TandemCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    /** Executes a command with {@code --json}, and returns its result. */
    protected JsonNode json(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        out.getBuffer().setLength(0);
        succeed(all.toArray());
        try {
            return new ObjectMapper().readTree(out.toString().trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PNG of random pixels. */
    protected static byte[] noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(
                0, 0, width, height, new Random(1).ints((long) width * height).toArray(), 0, width);
        return PngEncoder.encode(image);
    }
}
